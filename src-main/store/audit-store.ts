import type { Model, Run } from "../../shared/contract/audits.ts";
import type { Command, RecordEntry, ReportField } from "../../shared/domain/command.ts";
import type { Fitted } from "../../shared/domain/fit.ts";
import type { AuditId, ItemNo, QueueId, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { Assessment, ItemOutcome, NewItem } from "../../shared/domain/item.ts";
import type { JobState } from "../../shared/domain/job.ts";
import type { NaCause } from "../../shared/domain/metrics.ts";
import { isLocked, type Revision } from "../../shared/domain/revision.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import { fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import { writeSetting, type AuditFacts, type Sources } from "./audit-facts.ts";
import { Announcements } from "./announcements.ts";
import type { StoreListener } from "./change.ts";
import type { Applied } from "./commands.ts";
import type { Connection } from "./connection.ts";
import type { Doable } from "./effects.ts";
import type { FitBatchOutcome, FitPlan, FitState } from "./fits.ts";
import { readHostSettings } from "./host-settings.ts";
import type { Decoded, SeenFile } from "./items.ts";
import { mergeCopy, type Merged, type MergeRequest } from "./merge.ts";
import { storageFailure } from "./storage-failure.ts";
import { AuditLock, type LockHolder } from "./lock.ts";
import type { MeasureId } from "./measures.ts";
import { isFree, mustFollow, type RevisionStep } from "./revision-step.ts";
import type { NewModel } from "./models.ts";
import type { JoiningReader } from "./readers.ts";
import type { NewEntry } from "./record.ts";
import { measureRange } from "./run-range.ts";
import type { NewRun } from "./runs.ts";
import type { SheetKey } from "./sheets.ts";
import { auditSecret } from "./secret.ts";
import { type Repair } from "./repair.ts";
import { AuditReader } from "./audit-reader.ts";
import { openTables } from "./tables.ts";

export interface NewAudit {
  readonly id: AuditId;
  readonly name: string;
  /** Class names of the model, in the order of its outputs; labels outside them are added behind. */
  readonly classes: readonly string[];
  readonly sources: Sources;
  readonly medical?: boolean;
  readonly notes?: readonly string[];
  /** Who makes it, when somebody has said so. */
  readonly by?: JoiningReader | null;
  /** First texts of the report. */
  readonly texts?: Partial<Record<ReportField, string>>;
}

/** The store of one audit: the only writer of its folder. What can be read of it is `AuditReader`'s. */
export class AuditStore extends AuditReader {
  /** How it was repaired when it was opened; null for a sound one. */
  readonly repair: Repair | null;
  readonly #lock: AuditLock | LockHolder | "read-only" | null;
  readonly #dispose: () => void;
  readonly #announcements: Announcements;
  #isOpen = true;

  constructor(parts: {
    readonly folder: string;
    readonly connection: Connection;
    /** The lock; or why there is none: its holder, an unwritable folder, or null when nobody asked for it. */
    readonly lock: AuditLock | LockHolder | "read-only" | null;
    readonly facts: AuditFacts;
    readonly dispose: () => void;
    readonly repair: Repair | null;
  }) {
    const { folder, connection, lock } = parts;
    super(folder, parts.facts, openTables(folder, connection, lock instanceof AuditLock));
    this.#lock = lock;
    this.#announcements = new Announcements(this.tables);
    this.#dispose = parts.dispose;
    this.repair = parts.repair;
    if (!this.isReadOnly) this.tables.copies.start(() => this.tables.record.tip().no);
  }

  get isReadOnly(): boolean {
    return !(this.#lock instanceof AuditLock);
  }

  /** Who else has it open for writing; null where nobody does, or the folder cannot be written. */
  get holder(): LockHolder | null {
    return this.#lock instanceof AuditLock || this.#lock === "read-only" ? null : this.#lock;
  }

  /** Throws why nothing can be changed, before work is begun that ends in a change. */
  mustBeWritable(): void {
    const { name } = this.facts;
    if (this.#lock instanceof AuditLock) return;
    if (this.#lock === null) fail("audit/read-only", { name });
    if (this.#lock === "read-only") fail("storage/read-only", { folder: this.folder });
    fail("audit/in-use", {
      name,
      by: `${this.#lock.who} (${this.#lock.where})`,
      since: this.#lock.since,
    });
  }

  /** First entries of a new audit; called by `createAudit`. */
  begin(audit: NewAudit): void {
    this.#change(() => {
      this.tables.items.addClasses(audit.classes);
      if (audit.by) this.tables.readers.add(audit.by);
      const { id, name, createdAt, medical, notes } = this.facts;
      this.tables.record.append({
        readerId: audit.by?.id ?? null,
        action: "audit.create",
        object: `audit/${id}`,
        before: null,
        after: { name, createdAt, medical, notes, classes: audit.classes },
        commandId: null,
      });
      for (const [field, text] of Object.entries(audit.texts ?? {}))
        // keys of a Partial<Record<ReportField, …>>
        if (text)
          this.tables.commands.applyUnattended({
            kind: "report.text",
            field: field as ReportField,
            text,
          });
    });
    this.#saved();
  }

  /** After a repair: the state is what the record says, and the record says that there was one; called by `openAudit`. */
  rebuildAfter(repair: Repair): void {
    this.#change(() => {
      this.tables.commands.rebuild();
      this.tables.sheets.rebuild();
      this.#note(null, "audit.repair", `audit/${this.facts.id}`, repair);
    });
    this.#saved();
  }

  setSetting(key: string, value: unknown): void {
    this.#change(() => writeSetting(this.tables.connection, key, value));
  }

  /** Called after each change is on disk; returns how to stop listening. */
  onChange(listener: StoreListener): () => void {
    return this.#announcements.add(listener);
  }

  /** Makes a rolling copy if anything changed since the last one, then closes. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    if (!this.isReadOnly) await this.tables.copies.finish();
    this.closeNow();
  }

  /** Closes without a copy. */
  closeNow(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#announcements.clear();
    this.tables.copies.stop();
    this.tables.results.close();
    this.tables.thumbnails.close();
    this.tables.log?.close();
    this.tables.connection.close();
    this.#dispose();
    if (this.#lock instanceof AuditLock) this.#lock.release();
  }

  /** The copies there are, newest first. */
  copies() {
    return this.tables.copies.list();
  }

  /** A copy of the store as it is now, in `copies/`; resolves to its path. */
  copy(): Promise<string> {
    return this.tables.copies.make();
  }

  /** Throws why nothing that the report counts may change: a revision is signed, or waits for it (RX-110). */
  mustBeOpen(): void {
    this.tables.revisions.mustBeOpen(this.facts.name);
  }

  /**
   * Joins what was done in `other`, a copy of this audit that was worked on apart (RX-129). Fails with
   * `merge/other-audit`, `merge/no-common`, `merge/broken`; a preview writes nothing.
   */
  merge(other: AuditStore, request: MergeRequest): Merged {
    this.mustBeWritable();
    const { id, name } = this.facts;
    if (other.facts.id !== id) fail("merge/other-audit", { name, other: other.facts.name });
    const broken = other.verifyRecord().find(({ kind }) => !kind.startsWith("log-"));
    if (broken) fail("merge/broken", { other: other.folder, no: broken.no });
    const own = { folder: this.folder, name, tables: this.tables };
    const copy = { folder: other.folder, name: other.facts.name, tables: other.tables };
    try {
      const merged = mergeCopy(own, copy, request);
      if (!request.isPreview && merged.entered > 0) this.#announceMerge(merged);
      return merged;
    } catch (error) {
      return storageFailure(error, "what the other copy holds", this.folder);
    }
  }

  #announceMerge({ runs }: Merged): void {
    this.#saved();
    this.#announcements.tell({ kind: "readers", readers: this.tables.readers.all() });
    for (const run of runs) this.#announcements.run(run);
    this.#announcements.tell({ kind: "columns", changed: this.tables.columns.list() });
    this.#announcements.tell({ kind: "queues", queues: this.tables.queues.all() });
    const isReadOnly = isLocked(this.revision());
    this.#announcements.tell({ kind: "revision", revision: this.revisionSummary(), isReadOnly });
  }

  /** One step of the report's revision, as its entry of the record. The same command twice has no second effect. */
  enterRevision(step: RevisionStep): Revision {
    this.mustBeWritable();
    if (step.commandId !== null && this.entryOf(step.commandId)) return this.revision();
    this.#change(() => {
      const { no } = this.revision();
      const { action, readerId, after, commandId } = step;
      mustFollow(action, this.revision());
      const of = action === "revision.reopen" ? no + 1 : no;
      const object = `revision/${of}`;
      this.tables.record.append({ readerId, action, object, before: null, after, commandId });
    });
    this.#saved();
    const isReadOnly = isLocked(this.revision());
    this.#announcements.tell({ kind: "revision", revision: this.revisionSummary(), isReadOnly });
    return this.revision();
  }

  addItems(items: Iterable<NewItem>, by: ReaderId | null = null): { added: number; known: number } {
    this.mustBeOpen();
    const counts = this.#change(() => {
      const found = this.tables.items.add(items);
      if (found.added)
        this.tables.record.append({
          readerId: by,
          action: "items.add",
          object: `items/${found.added}`,
          before: null,
          after: { ...found, total: this.tables.items.count() },
          commandId: null,
        });
      return found;
    });
    if (counts.added) {
      this.#saved();
      this.#announcements.tell({ kind: "columns", changed: this.tables.columns.list() });
    }
    return counts;
  }

  /** What patients, studies and references are hashed with (RX-55): never exported, never in the record. */
  secret(): Uint8Array {
    const known = auditSecret(this.tables.connection, !this.isReadOnly);
    return known ?? fail("audit/read-only", { name: this.facts.name });
  }

  /** What decoding found out of one item. */
  setDecoded(no: ItemNo, found: Decoded): void {
    this.setAllDecoded([{ ...found, no }]);
  }

  /** As `setDecoded` for many, flushed to disk once. */
  setAllDecoded(found: readonly (Decoded & { readonly no: ItemNo })[]): void {
    this.#change(() => {
      for (const one of found) this.tables.items.setDecoded(one.no, one);
    });
    this.#announcements.touched(
      new Set(["files"]),
      found.map(({ no }) => no),
    );
  }

  /** A file that changed: its pictures keep their verdicts, which say from now on that they are for an earlier file. */
  setFile(path: string, found: SeenFile): void {
    const items = this.#change(() => this.tables.items.setFile(path, found));
    this.#announcements.touched(new Set(["files"]), items);
  }

  /** One more that is not at its place. */
  markMissing(no: ItemNo): void {
    this.#change(() => this.tables.items.markMissing(no));
    this.#announcements.touched(new Set(["files"]), [no]);
  }

  setItemError(no: ItemNo, error: ErrorJson | null): void {
    this.#change(() => this.tables.items.setError(no, error));
    this.#announcements.touched(new Set(["files"]), [no]);
  }

  /** Marks exactly these as not found on disk. */
  setMissing(items: readonly ItemNo[]): void {
    this.#change(() => this.tables.items.setMissing(items));
    this.#announcements.touched(new Set(["files"]), items);
  }

  addModel(model: NewModel, by: ReaderId | null = null): Model {
    this.mustBeOpen();
    this.#change(() => {
      this.tables.models.add(model);
      const { fileName, sha256 } = model.description;
      this.#note(by, "model.add", `model/${model.id}`, {
        fileName,
        sha256,
        classNames: model.classNames,
        preparation: model.preparation,
        isProven: model.isProven,
        accuracy: model.accuracy,
      });
    });
    this.#saved();
    return (
      this.models().find(({ id }) => id === model.id) ??
      fail("audit/model-unknown", { model: model.id })
    );
  }

  /** `fit`: what its method learns from before its maps, where it does. */
  createRun(run: NewRun, by: ReaderId | null = null, fit: FitPlan | null = null): Run {
    this.mustBeOpen();
    const made = this.#change(() => {
      const created = this.tables.runs.create(run);
      if (fit) this.tables.fits.begin(run.id, fit);
      const { no, modelId, method, target, secondMethod, seed, planned } = created;
      const tap = created.tap.name;
      const identity = run.identity;
      const after = { no, modelId, method, tap, target, secondMethod, seed, planned, identity };
      this.#note(by, "run.create", `run/${run.id}`, after);
      return created;
    });
    this.#saved();
    this.#announcements.run(run.id);
    return made;
  }

  setRunState(id: RunId, state: JobState): void {
    this.#change(() => this.tables.runs.setState(id, state));
    this.#announcements.tell({ kind: "run", run: this.tables.runs.byId(id) });
  }

  /** Keeps a reliability sheet, whole in the record too; every run that it holds for says so. */
  addSheet(key: SheetKey, sheet: ReliabilitySheet): void {
    this.mustBeOpen();
    this.#change(() => this.tables.sheets.add(key, sheet));
    this.#saved();
    for (const run of this.tables.runs.all())
      if (run.modelId === key.modelId && run.method === key.method && run.tap.name === key.tap)
        this.#announcements.tell({ kind: "run", run });
  }

  setRunDevice(id: RunId, device: string): void {
    this.#change(() => this.tables.runs.setDevice(id, device));
  }

  /** Makes vectors of the fit's next items durable. */
  commitFit(id: RunId, outcomes: readonly FitBatchOutcome[]): void {
    this.#change(() => this.tables.fits.commit(id, outcomes));
  }

  /** The fit goes on where its pack ends; from its beginning where the pack is gone. */
  resumeFit(id: RunId): FitState | null {
    if (!this.tables.fits.isWhole(id)) this.#change(() => this.tables.fits.restart(id));
    return this.tables.fits.of(id);
  }

  /** Keeps what was learnt; from now on its hash is part of the run's identity. */
  finishFit(id: RunId, fitted: Fitted): void {
    this.#change(() => {
      const sha256 = this.tables.fits.finish(id, fitted);
      this.#note(null, "run.fit", `run/${id}`, { sha256, ...fitted.facts });
    });
    this.#saved();
    this.#announcements.run(id);
  }

  /** Makes a batch durable; returns the items it counted (none when it is a repetition). */
  commitBatch(id: RunId, outcomes: readonly ItemOutcome[]): ItemNo[] {
    this.mustBeOpen();
    const items = this.#change(() => this.tables.results.commit(id, outcomes));
    if (items.length === 0) return items;
    this.tables.columns.noteBatch(id, items);
    this.#announcements.tell({ kind: "items", items });
    this.#announcements.run(id);
    return items;
  }

  /** Failed items of the run become pending again. */
  retryFailed(id: RunId): ItemNo[] {
    this.mustBeOpen();
    const items = this.#change(() => this.tables.results.retryFailed(id));
    this.#announcements.run(id);
    return items;
  }

  /** Measures the range of raw values and the weak-map limit: needed before suspicion, harmless to repeat. */
  measureRun(id: RunId): Run {
    this.#change(() => this.tables.runs.setRange(id, measureRange(this.tables.results, id)));
    this.#announcements.run(id);
    return this.tables.runs.byId(id);
  }

  /** Measures the run and gives it its last state: "done", or "done-faults" where items failed. */
  finishRun(id: RunId, by: ReaderId | null = null): Run {
    this.measureRun(id);
    this.#change(() => {
      const { done, failed, planned } = this.tables.runs.byId(id);
      this.tables.runs.setState(id, failed > 0 ? "done-faults" : "done");
      this.tables.counters.raise("identity"); // a run finds text
      this.#note(by, "run.finish", `run/${id}`, { done, failed, planned });
    });
    this.#saved();
    const run = this.tables.runs.byId(id);
    this.#announcements.tell({ kind: "run", run });
    return run;
  }

  /** One metric or score for all items of a run, by item number; NaN or a cause: not there. */
  setScores(run: RunId, id: MeasureId, values: ArrayLike<number | NaCause>): void {
    this.#change(() => this.tables.measures.set(run, id, values));
    this.#announcements.run(run);
  }

  /** What suspicion made of the items of a run. */
  setAssessments(run: RunId, assessments: Iterable<Assessment>): void {
    this.#change(() => this.tables.measures.assess(run, assessments));
    this.#announcements.run(run);
  }

  addThumbnail(item: ItemNo, jpeg: Uint8Array, averageGrey: number): void {
    if (readHostSettings().keepsThumbnails) this.tables.thumbnails.add(item, jpeg, averageGrey);
  }

  /** What small pictures take on the disk. */
  thumbnailBytes(): number {
    return this.tables.thumbnails.bytes;
  }

  /** Small pictures on the disk: a cache (RX-126). Returns what they took, in bytes. */
  clearThumbnails(): number {
    this.mustBeWritable();
    const { bytes } = this.tables.thumbnails;
    this.tables.thumbnails.clear();
    return bytes;
  }

  /** Applying the same command twice has no second effect. */
  apply(command: Command): { recordNo: number; at: string } {
    this.mustBeWritable();
    if (!isFree(command.kind) && !this.entryOf(command.id)) this.mustBeOpen();
    const before = this.tables.counters.all().identity;
    const applied = this.tables.commands.apply(command);
    const isCovered =
      (command.kind === "region.add" || command.kind === "region.change") &&
      command.regionKind === "identity";
    // Pictures of before lie in the pack: it goes from the disk whole, and is made again under the new masks (RX-54).
    if (isCovered || this.tables.counters.all().identity !== before) this.tables.thumbnails.clear();
    if (applied.entry) this.#announce(applied);
    return { recordNo: applied.recordNo, at: applied.at };
  }

  /** A region test that nobody is named for: asked for on the command line where no person is known. */
  addRegionTest(body: Extract<Doable, { kind: "test.run" }>): { recordNo: number; at: string } {
    this.mustBeOpen();
    const applied = this.#change(() => this.tables.commands.applyUnattended(body));
    this.#announce(applied);
    return { recordNo: applied.recordNo, at: applied.at };
  }

  /** A queue that the audit makes by itself, for a run. */
  createQueue(
    queue: { id: QueueId } & Pick<
      Extract<Doable, { kind: "queue.create" }>,
      "name" | "rule" | "items"
    >,
  ): void {
    const { id, name, rule, items } = queue;
    const applied = this.#change(() =>
      this.tables.commands.applyUnattended({ kind: "queue.create", queue: id, name, rule, items }),
    );
    this.#announce(applied);
  }

  /** Lets somebody join, or notes their new name or key; `by` is whoever let them in, where not themselves. */
  addReader(reader: JoiningReader, by?: ReaderId): void {
    if (!this.#change(() => this.tables.readers.add(reader, by))) return;
    this.#saved();
    this.#announcements.tell({ kind: "readers", readers: this.tables.readers.all() });
  }

  /** Makes every table of what people said anew from the record alone. */
  rebuildState(): void {
    this.#change(() => {
      this.tables.commands.rebuild();
      this.tables.sheets.rebuild();
    });
    this.#announcements.tell({ kind: "columns", changed: this.tables.columns.list() });
  }

  /** An entry for something that is no command: a report built, a file exported. */
  note(entry: Omit<NewEntry, "commandId">): RecordEntry {
    const made = this.#change(() => this.tables.record.append({ ...entry, commandId: null }));
    this.#saved();
    return made;
  }

  #change<Result>(work: () => Result): Result {
    this.mustBeWritable();
    return this.tables.connection.transaction(work);
  }

  #note(readerId: ReaderId | null, action: string, object: string, after: unknown): void {
    this.tables.record.append({ readerId, action, object, before: null, after, commandId: null });
  }

  #saved(): void {
    try {
      this.tables.log?.catchUp();
    } catch {
      // The store holds it: the log catches up at the next entry or the next open.
    }
    const { no, at } = this.tables.record.tip();
    this.#announcements.tell({ kind: "saved", recordNo: no, at });
  }

  #announce(applied: Applied): void {
    this.#saved();
    this.#announcements.command(applied);
  }
}
