/* eslint-disable svelte/prefer-svelte-reactivity -- the set here is replaced whole */
import { z } from "zod";
import type { Queue } from "../../../shared/contract/audits.ts";
import type { ItemNo, QueueId } from "../../../shared/domain/ids.ts";
import {
  verdicts,
  type Certainty,
  type Fault,
  type Reason,
  type Verdict,
  type ViewState,
} from "../../../shared/domain/review.ts";
import { queueIdSchema } from "../../../shared/contract/schemas.ts";
import type { ViewChoice } from "../../heatmap/view.ts";
import { preferences } from "../../preferences.svelte.ts";
import { ActiveClock } from "../../review/active-clock.ts";
import { rooted, workOf, type AuditWork } from "../../review/audit-work.svelte.ts";
import { RegionEditor } from "../../review/region-editor.svelte.ts";
import { RegionTester } from "../../review/region-tester.svelte.ts";
import type { AuditState } from "../frame/audit-state.svelte.ts";
import { BlindStages } from "./blind-stages.svelte.ts";
import {
  afterVerdict,
  markOf,
  nextOpen,
  openingAt,
  readCount,
  readyAround,
  type Marks,
} from "./queue-walk.ts";
import { nextOwnQueue } from "./own-queue.ts";
import { isSampled, readableQueues } from "./readable-queues.ts";

/** What is walked through: a stored queue, or the Grid's items in their order. */
export type Source = { readonly kind: "queue"; readonly id: QueueId } | { readonly kind: "grid" };

const viewSchema = z.union([
  z.literal(["fit", "actual"]),
  z.strictObject({ zoom: z.number(), cx: z.number(), cy: z.number() }),
]);
const keptSchema = z.strictObject({
  queue: queueIdSchema.nullable(),
  item: z.int().min(0).nullable(),
  choice: viewSchema,
  keepsZoom: z.boolean(),
  advances: z.boolean(),
  isDetailsOpen: z.boolean(),
  detailsPx: z.number(),
});

/** Review of one audit: the queue, the item in view, the judgement being made. */
export class ReviewState {
  readonly work: AuditWork;
  readonly editor: RegionEditor;
  readonly tester: RegionTester;
  readonly #stages: BlindStages;
  source = $state.raw<Source | null>(null);
  item = $state<ItemNo | null>(null);
  choice = $state.raw<ViewChoice>("fit");
  keepsZoom = $state(true);
  isDetailsOpen = $state(true);
  /** In a narrow window the details are a drawer over the picture, closed until asked for. */
  isNarrow = $state(false);
  isDrawerOpen = $state(false);
  readonly areDetailsShown = $derived.by(() =>
    this.isNarrow ? this.isDrawerOpen : this.isDetailsOpen,
  );
  detailsPx = $state(320);
  /** While the key is held, the picture alone is shown. */
  isBare = $state(false);
  picker = $state.raw<{ item: ItemNo; verdict: "spurious" | "mixed" } | null>(null);
  isFaultMenu = $state(false);
  isFinished = $state(false);
  isOpened = $state(false);
  /** An advance is under way: a thin line says so, any key stops it. */
  isAdvancing = $state(false);
  /** Items whose picture cannot be shown. */
  unreadable = $state.raw<ReadonlySet<ItemNo>>(new Set());
  /** Seconds of this sitting. */
  sittingSeconds = $state(0);

  readonly queue: Queue | null = $derived.by(() => {
    const { source } = this;
    if (source?.kind !== "queue") return null;
    return this.#audit.queues.find((queue) => queue.id === source.id) ?? null;
  });
  /** Of a queue of a plan: what this reader is to read in it. */
  worklist = $state.raw<{ readonly queue: QueueId; readonly items: readonly ItemNo[] } | null>(
    null,
  );
  readonly #queueItems: readonly ItemNo[] = $derived.by(() => {
    const { queue, worklist } = this;
    return worklist && worklist.queue === queue?.id ? worklist.items : (queue?.items ?? []);
  });
  readonly items: ArrayLike<ItemNo> = $derived.by(() =>
    this.source?.kind === "grid" ? this.#work.table.order : this.#queueItems,
  );
  readonly at = $derived(this.item === null ? -1 : placeOf(this.items, this.item));
  readonly detail = $derived.by(() =>
    this.item === null ? null : this.#work.details.get(this.item),
  );
  readonly row = $derived.by(() =>
    this.item === null ? null : (this.detail?.row ?? this.#work.rows.get(this.item)),
  );
  readonly isReadOnly = $derived.by(() => this.#audit.audit?.isReadOnly ?? false);
  /** Verdicts along the queue, in its order. */
  marks = $state.raw<Marks>(new Uint8Array());
  /** The marks with this item's own verdict, which the worker may not have yet. */
  readonly marksNow: Marks = $derived.by(() => {
    const { row, at, marks } = this;
    // In a random sample a verdict given elsewhere is no reading.
    if (!row || at < 0 || at >= marks.length || isSampled(this.queue)) return marks;
    return marks.with(at, markOf(row.verdict));
  });
  readonly read = $derived(readCount(this.marksNow));
  /** The region test whose controls are drawn over the picture. */
  readonly testShown = $derived.by(
    () => this.detail?.tests.find(({ id }) => id === this.tester.controlsOf) ?? null,
  );
  /** How far a focus-blind reader has looked at the item; null where nothing is hidden. */
  readonly stage = $derived.by(() => {
    const isRead = this.at >= 0 && (this.marksNow[this.at] ?? 0) !== 0;
    return this.#stages.of(this.queue, this.item, isRead);
  });

  readonly #clock = new ActiveClock();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #audit: AuditState;
  readonly #work: AuditWork;

  constructor(audit: AuditState) {
    this.#audit = audit;
    this.#work = workOf(audit);
    this.work = this.#work;
    this.#stages = new BlindStages(audit);
    this.tester = new RegionTester(audit, {
      settled: () => this.#work.outbox.whenEmpty(),
      made: (item) => this.#work.details.refresh([item]),
    });
    this.editor = new RegionEditor(
      this.#work,
      () => this.detail?.regions ?? [],
      () => this.testShown?.result.controls ?? [],
    );
  }

  /** Whether the next picture follows by itself: of the window, in every audit. */
  get advances(): boolean {
    return preferences.values.advances;
  }

  set advances(advances: boolean) {
    preferences.set({ advances });
  }

  // Where one is

  /** Opens what the address names, else the place of the last time, else the first queue with something to read. */
  async open(query: Readonly<Record<string, string>>): Promise<void> {
    const kept = this.isOpened ? null : await this.#work.places.read("review", keptSchema);
    if (kept) {
      const { choice, keepsZoom, isDetailsOpen, detailsPx } = kept;
      Object.assign(this, { choice, keepsZoom, isDetailsOpen, detailsPx });
    }
    this.isOpened = true;
    await this.#stages.learn();
    const asked = query["item"] === undefined ? null : Number(query["item"]);
    const queues = readableQueues(this.#audit.queues);
    const named = this.#audit.queues.find((queue) => queue.id === query["queue"]);
    if (query["from"] === "grid") {
      this.source = { kind: "grid" };
      await this.#refreshMarks();
      this.go(asked ?? this.#work.table.order[0] ?? null);
    } else if (named) await this.openQueue(named.id, asked);
    else if (this.source === null) {
      const last = queues.find((queue) => queue.id === kept?.queue);
      const first = last ?? (await nextOwnQueue(this.#audit, null)) ?? queues[0];
      if (first) await this.openQueue(first.id, last ? (kept?.item ?? null) : null);
    }
  }

  /** A queue on an item, or on its first unread. */
  async openQueue(id: QueueId, item: ItemNo | null = null): Promise<void> {
    const queue = this.#audit.queues.find((one) => one.id === id);
    this.source = { kind: "queue", id };
    this.isFinished = false;
    this.marks = new Uint8Array();
    const own = queue?.plan === undefined ? null : await this.#worklistOf(id);
    if (this.source.kind !== "queue" || this.source.id !== id) return; // another one was opened
    this.worklist = own;
    const items = this.#queueItems;
    if (!queue || items.length === 0) {
      this.item = null;
      return;
    }
    if (item !== null && items.includes(item)) this.go(item);
    else if (queue.read === 0) this.go(items[0]);
    const marks = await this.#refreshMarks();
    if (this.item === null || placeOf(items, this.item) < 0) this.go(items[openingAt(marks)]);
  }

  /** What is this reader's to read; null where that cannot be asked now: then it is the whole queue. */
  async #worklistOf(queue: QueueId): Promise<ReviewState["worklist"]> {
    const { api, id: auditId, reader } = this.#audit;
    const asked = api.plans.worklist({ auditId, queue, readerId: reader.id });
    return asked.then(
      ({ items }) => ({ queue, items }),
      () => null,
    );
  }

  keep(): void {
    if (!this.isOpened) return;
    const { choice, keepsZoom, advances, isDetailsOpen, detailsPx, item, source } = this;
    const kept: z.infer<typeof keptSchema> = {
      queue: source?.kind === "queue" ? source.id : null,
      item,
      choice: typeof choice === "string" ? choice : { ...choice },
      keepsZoom,
      advances,
      isDetailsOpen,
      detailsPx,
    };
    this.#work.places.keep("review", kept);
  }

  /** Brings an item into view. */
  go(item: ItemNo | null): void {
    this.stopAdvance();
    if (this.item === item) return;
    this.sittingSeconds += this.item === null ? 0 : this.#clock.seconds();
    this.picker = null;
    this.isFaultMenu = false;
    this.isFinished = false;
    this.tester.reset();
    this.item = item;
    if (!this.keepsZoom) this.choice = "fit";
    this.#clock.restart();
    if (item === null) return;
    void this.editor.enter(item);
    void this.#work.details.want(item);
    this.#makeReady();
  }

  showDetails(isShown: boolean): void {
    if (this.isNarrow) this.isDrawerOpen = isShown;
    else this.isDetailsOpen = isShown;
  }

  goAt(at: number): void {
    if (at >= 0 && at < this.items.length) this.go(this.items[at]);
  }

  step(by: 1 | -1): void {
    this.goAt(this.at + by);
  }

  /** The next item without a verdict; what was passed over comes back at the end. */
  stepOpen(by: 1 | -1): void {
    const place = nextOpen(this.marksNow, this.at, by);
    if (place < 0) this.isFinished = true;
    else this.goAt(place);
  }

  touch(): void {
    this.#clock.touch();
  }

  /** Asks for the verdicts along the queue; call again when judgements changed. */
  async refreshMarks(): Promise<void> {
    await this.#refreshMarks();
  }

  async #refreshMarks(): Promise<Marks> {
    const items = this.items;
    // In a random sample only what was judged in it is read (RX-61); the store knows which that is.
    const column = this.source?.kind === "queue" ? `read:${this.source.id}` : "verdict";
    const codes = await this.#work.table.codes(column, items);
    if (items !== this.items) return this.marks;
    const words = this.#work.table.facts.get(column)?.words ?? verdicts;
    const marks = words.map((word) => markOf(verdicts.find((one) => one === word) ?? null));
    this.marks = Uint8Array.from(codes, (code) => marks[code] ?? 0);
    return this.marks;
  }

  #makeReady(): void {
    const { at, items } = this;
    const run = this.#audit.run?.id ?? null;
    for (const item of readyAround(items, at, preferences.values.ahead)) {
      void this.#work.details.want(item);
      void this.#work.pictures.image(item, this.#work.pictureSize).promise.catch(() => undefined);
      if (run) void this.#work.pictures.map(run, item).promise.catch(() => undefined);
    }
  }

  failed(item: ItemNo): void {
    this.unreadable = new Set([...this.unreadable, item]);
  }

  // Judging

  /** Focus-blind: the next stage of the item in view. */
  showMore(): void {
    const { item, stage } = this;
    if (item !== null && stage !== null) this.#stages.goOn(item, stage);
  }

  /** From the second stage on a verdict may be given (RX-95). */
  judge(verdict: Verdict): void {
    const { item, row } = this;
    if (item === null || this.isReadOnly || this.stage === "image") return;
    this.stopAdvance();
    const isAsking = verdict === "spurious" || verdict === "mixed";
    // A verdict that was given elsewhere is given again here: a random sample counts its own readings.
    const isReadHere = this.at < 0 || this.marks[this.at] !== 0;
    if (row?.verdict !== verdict || !isReadHere) {
      const reasons = isAsking ? (row?.reasons ?? []) : [];
      const run = this.#audit.run?.id ?? null;
      const view = this.#seenNow();
      this.#work.put({ kind: "verdict.set", items: [item], run, verdict, reasons, view }, "here");
    }
    if (isAsking) this.picker = { item, verdict };
    else {
      this.picker = null;
      this.#advance(preferences.values.verdictMs);
    }
  }

  clear(): void {
    const { item } = this;
    if (item === null || this.isReadOnly) return;
    this.stopAdvance();
    this.picker = null;
    this.#work.put({ kind: "verdict.clear", items: [item] }, "here");
  }

  toggleReason(reason: Reason): void {
    const { item, row } = this;
    if (item === null || !row) return;
    this.stopAdvance();
    const had = row.reasons;
    const reasons = had.includes(reason)
      ? had.filter((other) => other !== reason)
      : [...had, reason];
    this.#work.put({ kind: "reason.set", item, reasons }, "here");
    // One reason is often all: the picture follows by itself unless another key is pressed.
    if (had.length === 0 && reason !== "other") this.#advance(preferences.values.reasonMs);
  }

  /** Enter: the reasons are said. "Other" asks for words first; false says that a comment is wanted. */
  closePicker(): boolean {
    this.stopAdvance();
    if (!this.picker) return true;
    this.picker = null;
    if (this.row?.reasons.includes("other") && !this.detail?.comment) return false;
    this.#advance(preferences.values.verdictMs);
    return true;
  }

  /** Esc: back, without going on. */
  leavePicker(): void {
    this.stopAdvance();
    this.picker = null;
  }

  setCertainty(certainty: Certainty): void {
    const { item } = this;
    if (item === null || this.isReadOnly) return;
    const next = this.detail?.certainty === certainty ? null : certainty;
    this.#work.put({ kind: "certainty.set", item, certainty: next }, "here");
  }

  setFault(fault: Fault | null): void {
    const { item } = this;
    this.isFaultMenu = false;
    if (item === null || this.isReadOnly) return;
    this.#work.put({ kind: "fault.set", item, fault }, "here");
  }

  toggleDiscuss(): void {
    const { item, row } = this;
    if (item === null || this.isReadOnly) return;
    this.#work.put({ kind: "discuss.set", item, discuss: !row?.discuss }, "here");
  }

  setComment(item: ItemNo, text: string): void {
    if (this.isReadOnly || this.#work.details.get(item)?.comment === text) return;
    this.#work.put({ kind: "comment.set", item, text }, "here");
  }

  // Going on by itself

  stopAdvance(): void {
    clearTimeout(this.#timer);
    this.isAdvancing = false;
  }

  #advance(ms: number): void {
    if (!this.advances || this.at < 0) return;
    const from = this.item;
    this.isAdvancing = true;
    this.#timer = setTimeout(() => {
      this.isAdvancing = false;
      if (this.item !== from) return;
      this.picker = null;
      const next = afterVerdict(this.marksNow, this.at);
      if (next < 0) {
        this.sittingSeconds += this.#clock.seconds();
        this.isFinished = true;
      } else this.goAt(next);
    }, ms);
  }

  #seenNow(): ViewState {
    const { overlay } = this.#work;
    const run = this.#audit.run;
    const model = this.#audit.audit?.models.find((one) => one.id === run?.modelId);
    const target = model?.classNames.indexOf(this.detail?.map?.target ?? "") ?? -1;
    return {
      run: run?.id ?? null,
      target: target < 0 ? null : target,
      mode: overlay.mode,
      opacity: overlay.opacity,
      threshold: overlay.threshold,
      colours: overlay.colours,
      scaling: overlay.scalingWord(),
      zoom: typeof this.choice === "string" ? 0 : this.choice.zoom,
      seconds: this.#clock.seconds(),
      queue: this.source?.kind === "queue" ? this.source.id : null,
      ...(this.stage && { stage: this.stage }),
    };
  }
}

function placeOf(items: ArrayLike<ItemNo>, item: ItemNo): number {
  return Array.prototype.indexOf.call(items, item);
}

const reviews = new WeakMap<AuditState, ReviewState>();

/** The one Review of an open audit: coming back finds the item, the zoom and the picker as they were. */
export function reviewOf(audit: AuditState): ReviewState {
  const known = reviews.get(audit);
  if (known) return known;
  const made = rooted(() => new ReviewState(audit));
  reviews.set(audit, made);
  return made;
}
