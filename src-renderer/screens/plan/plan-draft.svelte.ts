/* eslint-disable svelte/prefer-svelte-reactivity -- maps here are replaced whole */
import type { PlanPreview, PlanRow } from "../../../shared/contract/plans.ts";
import type { CommandId, ItemNo, ReaderId } from "../../../shared/domain/ids.ts";
import type {
  AllocationKind,
  BlindMode,
  PlanChoices,
  ReadingOrder,
  StratumKind,
} from "../../../shared/domain/plan.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";

export type ReaderPart = "first" | "second" | "none";

/** After the last change of the form its numbers are asked for, in ms. */
const restMs = 250;

/** A plan being made: what is typed and chosen, and what would come of it. Make it in a component. */
export class PlanDraft {
  by = $state<"margin" | "size">("margin");
  marginText = $state("5");
  sizeText = $state("60");
  strata = $state.raw<readonly StratumKind[]>([]);
  allocation = $state<AllocationKind>("proportional");
  seedText = $state("");
  hasSuspects = $state(false);
  topText = $state("60");
  aboveText = $state("");
  perClassText = $state("");
  hasFilter = $state(false);
  filterName = $state("");
  /** What the Grid shows, when a filter is set there. */
  filtered = $state.raw<readonly ItemNo[] | null>(null);
  blind = $state<BlindMode>("open");
  order = $state<ReadingOrder>("shuffled");
  parts = $state.raw<ReadonlyMap<ReaderId, ReaderPart>>(new Map());
  secondText = $state("");
  allSpurious = $state(false);
  hasAcceptance = $state(false);
  goodText = $state("2");
  badText = $state("10");

  preview = $state.raw<PlanPreview | null>(null);
  error = $state.raw<ErrorJson | null>(null);
  isFreezing = $state(false);

  readonly seed = $derived(wholeOr(this.seedText, 0, 0xffff_ffff));
  readonly size = $derived(wholeOr(this.sizeText, 1, 1_000_000));
  readonly margin = $derived(shareOr(this.marginText));
  readonly second = $derived(
    this.secondText.trim() === "" ? null : wholeOr(this.secondText, 0, 1_000_000),
  );
  readonly rates = $derived.by(() => {
    const [good, bad] = [shareOr(this.goodText), shareOr(this.badText)];
    return good !== undefined && bad !== undefined && good < bad ? { good, bad } : undefined;
  });

  /** null while something typed is no number. */
  readonly choices: PlanChoices | null = $derived.by(() => {
    const { seed, size, margin, second, rates } = this;
    if (seed === undefined || second === undefined) return null;
    if (this.by === "size" ? size === undefined : margin === undefined || margin > 0.5) return null;
    if (this.hasAcceptance && rates === undefined) return null;
    const top = limit(this.topText, wholeOr(this.topText, 1, 1_000_000));
    const above = limit(this.aboveText, decimalOr(this.aboveText));
    const perClass = limit(this.perClassText, wholeOr(this.perClassText, 1, 1_000_000));
    const isLimited = top !== undefined && above !== undefined && perClass !== undefined;
    if (this.hasSuspects && !isLimited) return null;
    const run = this.#audit.run && this.#audit.run.done > 0 ? this.#audit.run.id : null;
    const readers = (part: ReaderPart) =>
      [...this.parts].filter(([, own]) => own === part).map(([reader]) => reader);
    return {
      wish:
        this.by === "size"
          ? { kind: "size", size: size ?? 1 }
          : { kind: "margin", margin: margin ?? 0.05 },
      seed,
      strata: this.strata,
      allocation: this.allocation,
      run,
      suspects: this.hasSuspects && isLimited && run ? { top, above, perClass } : null,
      filter:
        this.hasFilter && this.filtered && this.filtered.length > 0 && this.filterName.trim()
          ? { name: this.filterName.trim(), items: this.filtered }
          : null,
      blind: this.blind,
      order: this.order,
      first: readers("first"),
      second: readers("second"),
      secondSize: second,
      allSpurious: this.allSpurious,
      acceptance: this.hasAcceptance && rates ? rates : null,
    };
  });

  readonly #audit: AuditState;
  #asked = 0;

  constructor(audit: AuditState, plan: PlanRow | null) {
    this.#audit = audit;
    this.seedText = String(crypto.getRandomValues(new Uint32Array(1))[0]);
    if (plan) this.#begin(plan);
    let timer: ReturnType<typeof setTimeout> | undefined;
    $effect(() => {
      const { choices } = this;
      clearTimeout(timer);
      if (choices)
        timer = setTimeout(() => void this.#ask(choices), this.#asked === 0 ? 0 : restMs);
      else this.preview = null;
    });
    $effect(() => () => clearTimeout(timer));
  }

  /** Starts from what the plan in force says, so that a change is a small one. */
  #begin({ sample, searches, reading, acceptance }: PlanRow): void {
    this.by = sample.wish.kind;
    if (sample.wish.kind === "size") this.sizeText = String(sample.wish.size);
    else this.marginText = percentText(sample.wish.margin);
    this.strata = sample.strata;
    this.allocation = sample.allocation;
    this.seedText = String(sample.seed);
    for (const search of searches) {
      if (search.kind !== "suspects") continue;
      const text = (value: number | null) => (value === null ? "" : String(value));
      this.hasSuspects = true;
      this.topText = text(search.choice.top);
      this.aboveText = text(search.choice.above);
      this.perClassText = text(search.choice.perClass);
    }
    this.blind = reading.blind;
    this.order = reading.order;
    this.parts = new Map([
      ...reading.first.map((reader) => [reader, "first"] as const),
      ...reading.second.map((reader) => [reader, "second"] as const),
    ]);
    this.secondText = String(reading.secondReading?.size ?? 0);
    this.allSpurious = reading.secondReading?.allSpurious ?? false;
    this.hasAcceptance = acceptance !== null;
    if (acceptance) {
      this.goodText = percentText(acceptance.good);
      this.badText = percentText(acceptance.bad);
    }
  }

  setPart(reader: ReaderId, part: ReaderPart): void {
    this.parts = new Map([...this.parts, [reader, part]]);
  }

  toggleStratum(kind: StratumKind): void {
    const others = this.strata.filter((one) => one !== kind);
    const order: readonly StratumKind[] = ["class", "answer", "site"];
    this.strata = order.filter(
      (one) => others.includes(one) || (one === kind && !this.strata.includes(kind)),
    );
  }

  /** The plan's number once it is frozen; null where it could not be, `error` says why. */
  async freeze(reason: string): Promise<number | null> {
    const { choices, preview } = this;
    if (!choices || !preview) return null;
    this.isFreezing = true;
    const { api, id: auditId, reader } = this.#audit;
    try {
      const { no } = await api.plans.freeze({
        auditId,
        choices,
        commandId: crypto.randomUUID() as CommandId, // sound: a fresh id is what the brand stands for
        readerId: reader.id,
        no: preview.no,
        reason,
      });
      return no;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return null;
    } finally {
      this.isFreezing = false;
    }
  }

  async #ask(choices: PlanChoices): Promise<void> {
    const asked = ++this.#asked;
    try {
      const preview = await this.#audit.api.plans.preview({ auditId: this.#audit.id, choices });
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.error = null;
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.preview = null;
      this.error = toErrorJson(cause);
    }
  }
}

/** Empty: no limit (null); no number: undefined. */
function limit(text: string, value: number | undefined): number | null | undefined {
  return text.trim() === "" ? null : value;
}

function wholeOr(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^\s*\d+\s*$/.test(text) && value >= min && value <= max ? value : undefined;
}

function decimalOr(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && value >= 0 && value <= 1 ? value : undefined;
}

/** Per cent typed, as a share. */
function shareOr(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && value > 0 && value < 100 ? value / 100 : undefined;
}

function percentText(share: number): string {
  return String(Number((100 * share).toPrecision(6)));
}
