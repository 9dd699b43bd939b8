import type { Run } from "../../../shared/contract/audits.ts";
import type { RunPlan } from "../../../shared/contract/runs.ts";
import type { HeadMix } from "../../../shared/domain/fit.ts";
import type { FusionId } from "../../../shared/domain/fusion.ts";
import type { ItemNo, ModelId, PlaceId } from "../../../shared/domain/ids.ts";
import type { MethodId } from "../../../shared/domain/method-id.ts";
import { methods } from "../../../shared/domain/methods.ts";
import type { Target } from "../../../shared/domain/target.ts";
import type { ModelDescription, TapDescription } from "../../../shared/domain/model.ts";
import { toErrorJson, type ErrorJson } from "../../../shared/errors/app-error.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { estimateOf } from "./estimate.ts";

/** How many items a first try covers. */
export const FIRST = 16;

/** A further model, for a method that compares them. */
export interface OtherChoice {
  readonly id: PlaceId;
  readonly name: string;
  /** The output that stands for the class, as typed; "": the second of two, or the only one. */
  readonly output: string;
}

/** The form of a new run: what is chosen, what the model offers, what it will cost. */
export class RunForm {
  modelId = $state<ModelId | null>(null);
  method = $state<MethodId | null>(null);
  tap = $state<string | null>(null);
  targetKind = $state<Target["kind"]>("predicted");
  classIndex = $state(0);
  secondMethod = $state<MethodId | null>(null);
  onlyFirst = $state(false);
  seed = $state(1);
  /** Whether the reliability sheet is made after the run. */
  withSheet = $state(true);
  /** Layers whose maps join that of the chosen one. */
  moreTaps = $state.raw<readonly string[]>([]);
  fuse = $state<FusionId>("tanh-max");
  others = $state.raw<readonly OtherChoice[]>([]);
  /** Classes that the method does not learn from. */
  leftOut = $state.raw<readonly string[]>([]);
  /** null: as the model's head allows. */
  mix = $state<HeadMix | null>(null);
  description = $state.raw<ModelDescription | null>(null);
  /** Why the model could not be opened, or the run not be made. */
  error = $state.raw<ErrorJson | null>(null);
  isStarting = $state(false);
  /** A run that had the same inputs, offered instead (RX-72). */
  existing = $state.raw<Run | null>(null);
  readonly #audit: AuditState;

  constructor(audit: AuditState) {
    this.#audit = audit;
  }

  readonly models = $derived.by(() => this.#audit.audit?.models ?? []);
  readonly model = $derived(
    this.models.find((model) => model.id === this.modelId) ?? this.models[0] ?? null,
  );
  readonly defaultTap = $derived(
    this.description?.taps.find((tap) => tap.isDefault) ?? this.description?.taps[0] ?? null,
  );
  readonly chosenTap = $derived(
    this.description?.taps.find((tap) => tap.name === this.tap) ?? this.defaultTap,
  );
  readonly defaultMethod = $derived.by(() => this.#defaultMethod());
  readonly chosenMethod = $derived(this.method ?? this.defaultMethod);
  readonly isFitted = $derived(
    this.chosenMethod !== null && methods[this.chosenMethod].isFitted === true,
  );
  /** Whether the method compares the model with further ones, that have to be named. */
  readonly takesModels = $derived(this.chosenMethod !== null && this.takes(this.chosenMethod));
  /** Layers that could join; what learns first, or compares models, maps at one. */
  readonly furtherTaps = $derived(
    this.isFitted || this.takesModels
      ? []
      : (this.description?.taps ?? []).filter(({ name }) => name !== this.chosenTap?.name),
  );
  readonly fusedTaps = $derived(
    this.furtherTaps.filter(({ name }) => this.moreTaps.includes(name)).map(({ name }) => name),
  );
  /** A sheet is of one layer of one model. */
  readonly canHaveSheet = $derived(this.fusedTaps.length === 0 && !this.takesModels);
  readonly areOutputsGood = $derived(
    this.others.every(({ output }) => /^\d*$/.test(output.trim())),
  );
  readonly items = $derived.by(() => this.#audit.audit?.items ?? 0);
  readonly count = $derived(this.onlyFirst ? Math.min(FIRST, this.items) : this.items);
  readonly estimate = $derived.by(() =>
    this.description && this.chosenMethod && this.chosenTap
      ? estimateOf({
          items: this.count,
          forwards: this.#forwards(this.chosenMethod) * (1 + this.fusedTaps.length),
          grid: this.#finest(this.chosenTap).grid,
          earlier: this.#audit.runs
            .filter((run) => run.modelId === this.model?.id)
            .map((run) => ({ run, forwards: this.#forwards(run.method) })),
        })
      : null,
  );
  readonly isSeedGood = $derived(Number.isSafeInteger(this.seed) && this.seed >= 0);

  /** Asks what the chosen model offers. */
  async describe(): Promise<void> {
    const modelId = this.model?.id;
    this.description = null;
    if (modelId === undefined) return;
    try {
      const description = await this.#audit.api.runs.describeModel({
        auditId: this.#audit.id,
        modelId,
      });
      if (this.model?.id !== modelId) return;
      this.description = description;
      this.error = null;
    } catch (cause) {
      this.error = toErrorJson(cause);
    }
  }

  /** Starts it; true when a run was made. A finished one with the same inputs is offered first. */
  async start(options: { again: boolean; onlyFirst: boolean }): Promise<boolean> {
    if (this.model === null || this.isStarting || !this.isSeedGood) return false;
    this.isStarting = true;
    this.existing = null;
    try {
      const plan = this.#plan(this.model.id, options.onlyFirst);
      const made = await this.#audit.api.runs.create({
        ...plan,
        again: options.again,
        sheet: this.withSheet && this.canHaveSheet,
      });
      this.existing = made.existing;
      this.error = null;
      return made.jobId !== null;
    } catch (cause) {
      this.error = toErrorJson(cause);
      return false;
    } finally {
      this.isStarting = false;
    }
  }

  /** Whether a method wants further models, and nothing else is in its way. */
  takes(method: MethodId): boolean {
    const support = this.description?.methods.find((one) => one.method === method);
    return support?.refusal?.code === "method/needs-models";
  }

  #plan(modelId: ModelId, onlyFirst: boolean): RunPlan {
    const fusion = this.fusedTaps.length > 0 && this.chosenTap;
    const classes = this.model?.classNames ?? [];
    const isChosen = this.isFitted && (this.leftOut.length > 0 || this.mix !== null);
    const first = Array.from({ length: Math.min(FIRST, this.items) }, (_, no): ItemNo => no);
    return {
      auditId: this.#audit.id,
      modelId,
      method: this.chosenMethod,
      tap: fusion ? null : this.tap,
      ...(fusion && { fusion: { taps: [fusion.name, ...this.fusedTaps], how: this.fuse } }),
      ...(this.takesModels && {
        others: this.others.map(({ id, output }) => ({
          model: id,
          output: output.trim() === "" ? null : Number(output),
        })),
      }),
      ...(isChosen && {
        fit: {
          classes:
            this.leftOut.length > 0 ? classes.filter((name) => !this.leftOut.includes(name)) : null,
          mix: this.mix,
        },
      }),
      target:
        this.targetKind === "class"
          ? { kind: "class", index: this.classIndex }
          : { kind: this.targetKind },
      secondMethod: this.secondMethod,
      seed: this.seed,
      items: onlyFirst ? first : null,
    };
  }

  /** The layer whose grid a run's maps are on. */
  #finest(tap: TapDescription): TapDescription {
    return this.furtherTaps
      .filter(({ name }) => this.fusedTaps.includes(name))
      .reduce((a, b) => (b.grid[1] * b.grid[2] > a.grid[1] * a.grid[2] ? b : a), tap);
  }

  #forwards(method: MethodId): number {
    return this.description?.methods.find((one) => one.method === method)?.forwards ?? 1;
  }

  #isSupported(method: MethodId): boolean {
    return this.description?.methods.some((one) => one.method === method && one.supported) ?? false;
  }

  /** CAM where it exists; else HiResCAM, exact for a linear head; Grad-CAM at a scale-free layer. */
  #defaultMethod(): MethodId | null {
    const { description, chosenTap } = this;
    if (description === null || chosenTap === null) return null;
    const wanted: MethodId =
      description.head === "pooled-linear" && chosenTap.isDefault
        ? "cam"
        : chosenTap.isScaleFree
          ? "grad-cam"
          : "hirescam";
    return this.#isSupported(wanted) ? wanted : "recipro-cam";
  }
}
