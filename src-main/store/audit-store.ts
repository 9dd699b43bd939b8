import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Audit, Column, ItemRow, Model, Queue, Run } from "../../shared/contract/audits.ts";
import type { Reader } from "../../shared/contract/library.ts";
import type { Command, RecordEntry, ReportField } from "../../shared/domain/command.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type {
  AuditId,
  ItemNo,
  ModelId,
  QueueId,
  ReaderId,
  RunId,
} from "../../shared/domain/ids.ts";
import type { Assessment, Item, ItemOutcome, NewItem } from "../../shared/domain/item.ts";
import type { JobState } from "../../shared/domain/job.ts";
import type { NaCause } from "../../shared/domain/metrics.ts";
import type { Judgement } from "../../shared/domain/review.ts";
import { AppError, fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import {
  insertFacts,
  readFacts,
  readSetting,
  readTexts,
  writeSetting,
  type AuditFacts,
  type Sources,
} from "./audit-facts.ts";
import type { StoreChange, StoreListener } from "./change.ts";
import { Columns, type ColumnData } from "./columns.ts";
import { Commands, type Applied, type LastAction } from "./commands.ts";
import type { Connection } from "./connection.ts";
import { Copies } from "./copies.ts";
import { Counters, type CounterName } from "./counters.ts";
import { readDetail, type Detail } from "./detail.ts";
import type { Doable } from "./effects.ts";
import { findItems } from "./find.ts";
import { Items, type ItemCounts } from "./items.ts";
import { Judgements, type StoredRegion } from "./judgements.ts";
import { AuditLock, type LockHolder } from "./lock.ts";
import { Measures, type MeasureId, type StoredMeasure } from "./measures.ts";
import { migrate } from "./migrate.ts";
import { Models, type NewModel } from "./models.ts";
import { checkIntegrity, openForReading, openForWriting, storeName } from "./open-files.ts";
import { Queues } from "./queues.ts";
import { Readers } from "./readers.ts";
import { RecordLog } from "./record-log.ts";
import { AuditRecord, type NewEntry } from "./record.ts";
import { Results, type StoredMap, type StoredPrediction } from "./results.ts";
import { Rows } from "./rows.ts";
import { measureRange } from "./run-range.ts";
import { Runs, type NewRun, type RunState } from "./runs.ts";
import { storageFailure } from "./storage-failure.ts";
import { Thumbnails } from "./thumbnails.ts";
import { checkRecord, type RecordProblem } from "./verify-record.ts";

export interface NewAudit {
  readonly id: AuditId;
  readonly name: string;
  /** Class names of the model, in the order of its outputs; labels outside them are added behind. */
  readonly classes: readonly string[];
  readonly sources: Sources;
  readonly medical?: boolean;
  readonly notes?: readonly string[];
  /** Who makes it, when somebody has said so. */
  readonly by?: Reader | null;
  /** First texts of the report. */
  readonly texts?: Partial<Record<ReportField, string>>;
}

/** Makes `folder` (which must be absent or empty) an audit, and opens it. */
export function createAudit(folder: string, audit: NewAudit): AuditStore {
  const isNew = !existsSync(folder);
  try {
    if (!isNew && readdirSync(folder).length > 0) fail("audit/exists", { folder });
    mkdirSync(folder, { recursive: true });
    const lock = AuditLock.take(folder);
    if (!(lock instanceof AuditLock)) return fail("audit/exists", { folder });
    const connection = openForWriting(folder);
    migrate(connection, folder);
    const facts: AuditFacts = {
      id: audit.id,
      name: audit.name,
      createdAt: new Date().toISOString(),
      medical: audit.medical ?? false,
      sources: audit.sources,
      notes: audit.notes ?? [],
    };
    insertFacts(connection, facts);
    const store = new AuditStore({ folder, connection, lock, facts, dispose: () => {} });
    store.begin(audit);
    return store;
  } catch (error) {
    const isOurs = isNew && !(error instanceof AppError && error.code === "audit/exists");
    if (isOurs) rmSync(folder, { recursive: true, force: true });
    return storageFailure(error, "the audit", folder);
  }
}

/**
 * Opens an audit. Where someone else has it open, or the folder cannot be written, the store is read-only and every
 * change is refused with `audit/in-use` or `storage/read-only`.
 */
export function openAudit(
  folder: string,
  options: { readonly readOnly?: boolean } = {},
): AuditStore {
  if (!existsSync(join(folder, storeName))) fail("audit/not-an-audit", { folder });
  const lock = options.readOnly ? null : takeLock(folder);
  if (!(lock instanceof AuditLock)) {
    const { connection, dispose } = openForReading(folder);
    return new AuditStore({
      folder,
      connection,
      lock,
      facts: factsOf(connection, folder),
      dispose,
    });
  }
  try {
    const connection = openForWriting(folder);
    checkIntegrity(connection, folder);
    const beforeUpgrade = () => new Copies(folder, connection).makeNow("before-upgrade");
    migrate(connection, folder, { beforeUpgrade });
    return new AuditStore({
      folder,
      connection,
      lock,
      facts: factsOf(connection, folder),
      dispose: () => {},
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function factsOf(connection: Connection, folder: string): AuditFacts {
  return readFacts(connection) ?? fail("audit/not-an-audit", { folder });
}

function takeLock(folder: string): AuditLock | LockHolder | "read-only" {
  try {
    return AuditLock.take(folder);
  } catch (error) {
    if (error instanceof AppError && error.code === "storage/read-only") return "read-only";
    throw error;
  }
}

/** The store of one audit: the only writer of its folder, and all that readers of it ask. */
export class AuditStore {
  readonly folder: string;
  readonly facts: AuditFacts;
  readonly #connection: Connection;
  readonly #lock: AuditLock | LockHolder | "read-only" | null;
  readonly #dispose: () => void;
  readonly #columns: Columns;
  readonly #commands: Commands;
  readonly #copies: Copies;
  readonly #items: Items;
  readonly #judgements: Judgements;
  readonly #log: RecordLog | null;
  readonly #measures: Measures;
  readonly #models: Models;
  readonly #queues: Queues;
  readonly #readers: Readers;
  readonly #record: AuditRecord;
  readonly #results: Results;
  readonly #rows: Rows;
  readonly #runs: Runs;
  readonly #thumbnails: Thumbnails;
  readonly #listeners = new Set<StoreListener>();
  #isOpen = true;

  constructor(parts: {
    readonly folder: string;
    readonly connection: Connection;
    /** The lock; or why there is none: its holder, an unwritable folder, or null when nobody asked for it. */
    readonly lock: AuditLock | LockHolder | "read-only" | null;
    readonly facts: AuditFacts;
    readonly dispose: () => void;
  }) {
    const { folder, connection } = parts;
    this.folder = folder;
    this.facts = parts.facts;
    this.#connection = connection;
    this.#lock = parts.lock;
    this.#dispose = parts.dispose;
    const counters = new Counters(connection);
    const items = (this.#items = new Items(connection, counters));
    const models = (this.#models = new Models(connection));
    const runs = (this.#runs = new Runs(connection));
    const record = (this.#record = new AuditRecord(connection));
    const readers = (this.#readers = new Readers(connection, record));
    const queues = (this.#queues = new Queues(connection));
    const measures = (this.#measures = new Measures(connection, runs));
    const thumbnails = (this.#thumbnails = new Thumbnails(folder, !this.isReadOnly));
    this.#judgements = new Judgements(connection, record);
    this.#commands = new Commands({ connection, counters, items, readers, record });
    this.#columns = new Columns({ connection, counters, items, models, queues, runs });
    this.#results = new Results({ connection, folder, items, measures, models, runs });
    this.#rows = new Rows({ connection, models, runs, thumbnails });
    this.#log = this.isReadOnly ? null : new RecordLog(folder, record);
    this.#copies = new Copies(folder, connection);
    if (!this.isReadOnly) this.#copies.start(() => this.#record.tip().no);
  }

  /* ---- the audit ---- */

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
      this.#items.addClasses(audit.classes);
      if (audit.by) this.#readers.add(audit.by);
      const { id, name, createdAt, medical, notes } = this.facts;
      this.#record.append({
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
          this.#commands.applyUnattended({
            kind: "report.text",
            field: field as ReportField,
            text,
          });
    });
    this.#saved();
  }

  /** Everything `audits.get` answers. */
  overview(): Audit {
    const { id, name, createdAt, medical, notes } = this.facts;
    const counts = this.#items.counts();
    const tip = this.#record.tip();
    return {
      id,
      name,
      createdAt,
      isReadOnly: this.isReadOnly,
      items: counts.items,
      unreadable: counts.unreadable,
      classes: this.#items.classes(),
      hasEvidence: counts.withEvidence > 0,
      medical,
      models: this.#models.all(),
      runs: this.#runs.all(),
      queues: this.#queues.all(),
      columns: this.#columns.list(),
      readers: this.#readers.all(),
      recordNo: tip.no,
      savedAt: tip.at,
      texts: this.texts(),
      notes: [...notes],
    };
  }

  texts(): Record<ReportField, string> {
    const empty: Record<ReportField, string> = {
      purpose: "",
      "intended-use": "",
      audience: "",
      decision: "",
      "evidence-definition": "",
      summary: "",
      limits: "",
    };
    return { ...empty, ...readTexts(this.#connection) };
  }

  /** Any value that JSON holds; null where nothing was set. Not part of the record. */
  setting(key: string): unknown {
    return readSetting(this.#connection, key);
  }

  setSetting(key: string, value: unknown): void {
    this.#change(() => writeSetting(this.#connection, key, value));
  }

  /** Called after each change is on disk; returns how to stop listening. */
  onChange(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes a rolling copy if anything changed since the last one, then closes. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    if (!this.isReadOnly) await this.#copies.finish();
    this.closeNow();
  }

  /** Closes without a copy. */
  closeNow(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listeners.clear();
    this.#copies.stop();
    this.#results.close();
    this.#thumbnails.close();
    this.#log?.close();
    this.#connection.close();
    this.#dispose();
    if (this.#lock instanceof AuditLock) this.#lock.release();
  }

  /** A copy of the store as it is now, in `copies/`; resolves to its path. */
  copy(): Promise<string> {
    return this.#copies.make();
  }

  /* ---- items ---- */

  addItems(items: Iterable<NewItem>, by: ReaderId | null = null): { added: number; known: number } {
    const counts = this.#change(() => {
      const found = this.#items.add(items);
      if (found.added)
        this.#record.append({
          readerId: by,
          action: "items.add",
          object: `items/${found.added}`,
          before: null,
          after: { ...found, total: this.#items.count() },
          commandId: null,
        });
      return found;
    });
    if (counts.added) {
      this.#saved();
      this.#emit({ kind: "columns", changed: this.#columns.list() });
    }
    return counts;
  }

  itemCount(): number {
    return this.#items.count();
  }

  itemCounts(): ItemCounts {
    return this.#items.counts();
  }

  classes(): string[] {
    return this.#items.classes();
  }

  item(no: ItemNo): Item {
    return this.#items.byNo(no);
  }

  itemByPath(path: string): Item | null {
    return this.#items.byPath(path);
  }

  /** These numbers in this order, or `limit` items from number `from` on. */
  items(which: readonly ItemNo[] | { readonly from: ItemNo; readonly limit: number }): Item[] {
    return "from" in which
      ? this.#items.range(which.from, which.limit)
      : this.#items.byNumbers(which);
  }

  allItems(): Generator<Item> {
    return this.#items.all();
  }

  evidence(no: ItemNo): EvidenceSource | null {
    return this.#items.evidence(no);
  }

  facets(no: ItemNo): Record<string, string> {
    return this.#items.facets(no);
  }

  unhashed(): ItemNo[] {
    return this.#items.unhashed();
  }

  /** What decoding found out of one item. */
  setDecoded(no: ItemNo, found: Parameters<Items["setDecoded"]>[1]): void {
    this.#change(() => this.#items.setDecoded(no, found));
    this.#touched(new Set(["files"]), [no]);
  }

  setItemError(no: ItemNo, error: ErrorJson | null): void {
    this.#change(() => this.#items.setError(no, error));
    this.#touched(new Set(["files"]), [no]);
  }

  /** Marks exactly these as not found on disk. */
  setMissing(items: readonly ItemNo[]): void {
    this.#change(() => this.#items.setMissing(items));
    this.#touched(new Set(["files"]), items);
  }

  /* ---- models and runs ---- */

  addModel(model: NewModel, by: ReaderId | null = null): Model {
    this.#change(() => {
      this.#models.add(model);
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

  models(): Model[] {
    return this.#models.all();
  }

  /** With the file's path and the description, which the contract leaves out. */
  model(id: ModelId): NewModel {
    return this.#models.byId(id);
  }

  createRun(run: NewRun, by: ReaderId | null = null): Run {
    const made = this.#change(() => {
      const created = this.#runs.create(run);
      const { no, modelId, method, target, secondMethod, seed, planned } = created;
      const tap = created.tap.name;
      const identity = run.identity;
      const after = { no, modelId, method, tap, target, secondMethod, seed, planned, identity };
      this.#note(by, "run.create", `run/${run.id}`, after);
      return created;
    });
    this.#saved();
    this.#runChanged(run.id);
    return made;
  }

  runs(): Run[] {
    return this.#runs.all();
  }

  runById(id: RunId): Run {
    return this.#runs.byId(id);
  }

  runState(id: RunId): RunState {
    return this.#runs.stateOf(id);
  }

  /** Newest finished run with this identity (`runIdentity`), RX-72. */
  finishedRun(identity: string): Run | null {
    return this.#runs.finished(identity);
  }

  /** Runs that were under way when the process ended (RX-69). */
  interruptedRuns(): Run[] {
    return this.#runs.interrupted();
  }

  setRunState(id: RunId, state: JobState): void {
    this.#change(() => this.#runs.setState(id, state));
    this.#emit({ kind: "run", run: this.#runs.byId(id) });
  }

  setRunDevice(id: RunId, device: string): void {
    this.#change(() => this.#runs.setDevice(id, device));
  }

  /** Items of the run not tried yet, in order. */
  pendingItems(id: RunId): ItemNo[] {
    return this.#runs.pending(id);
  }

  /** Makes a batch durable; returns the items it counted (none when it is a repetition). */
  commitBatch(id: RunId, outcomes: readonly ItemOutcome[]): ItemNo[] {
    const items = this.#change(() => this.#results.commit(id, outcomes));
    if (items.length === 0) return items;
    this.#columns.noteBatch(id, items);
    this.#emit({ kind: "items", items });
    this.#runChanged(id);
    return items;
  }

  /** Failed items of the run become pending again. */
  retryFailed(id: RunId): ItemNo[] {
    const items = this.#change(() => this.#results.retryFailed(id));
    this.#runChanged(id);
    return items;
  }

  /** Measures the range of raw values and the weak-map limit: needed before suspicion, harmless to repeat. */
  measureRun(id: RunId): Run {
    this.#change(() => this.#runs.setRange(id, measureRange(this.#results, id)));
    this.#runChanged(id);
    return this.#runs.byId(id);
  }

  /** Measures the run and gives it its last state: "done", or "done-faults" where items failed. */
  finishRun(id: RunId, by: ReaderId | null = null): Run {
    this.measureRun(id);
    this.#change(() => {
      const { done, failed, planned } = this.#runs.byId(id);
      this.#runs.setState(id, failed > 0 ? "done-faults" : "done");
      this.#note(by, "run.finish", `run/${id}`, { done, failed, planned });
    });
    this.#saved();
    const run = this.#runs.byId(id);
    this.#emit({ kind: "run", run });
    return run;
  }

  /** One metric or score for all items of a run, by item number; NaN or a cause: not there. */
  setScores(run: RunId, id: MeasureId, values: ArrayLike<number | NaCause>): void {
    this.#change(() => this.#measures.set(run, id, values));
    this.#runChanged(run);
  }

  /** What suspicion made of the items of a run. */
  setAssessments(run: RunId, assessments: Iterable<Assessment>): void {
    this.#change(() => this.#measures.assess(run, assessments));
    this.#runChanged(run);
  }

  readMap(run: RunId, item: ItemNo): StoredMap | null {
    return this.#results.map(run, item);
  }

  /** Every map of a run in item order. */
  maps(run: RunId): Generator<StoredMap & { readonly item: ItemNo }> {
    return this.#results.maps(run);
  }

  /** `[C]` */
  logits(run: RunId, item: ItemNo): Float32Array | null {
    return this.#results.logits(run, item);
  }

  /** In item order. */
  predictions(run: RunId): StoredPrediction[] {
    return this.#results.predictions(run);
  }

  measure(run: RunId, item: ItemNo): StoredMeasure | null {
    return this.#measures.of(run, item);
  }

  /** In item order. */
  measures(run: RunId): Generator<StoredMeasure> {
    return this.#measures.all(run);
  }

  failures(run: RunId): { item: ItemNo; error: ErrorJson }[] {
    return this.#results.failures(run);
  }

  /* ---- thumbnails: a cache; in a read-only audit nothing is kept ---- */

  thumbnail(item: ItemNo): Uint8Array | null {
    return this.#thumbnails.get(item);
  }

  addThumbnail(item: ItemNo, jpeg: Uint8Array, averageGrey: number): void {
    this.#thumbnails.add(item, jpeg, averageGrey);
  }

  /* ---- what people say ---- */

  /** Applying the same command twice has no second effect. */
  apply(command: Command): { recordNo: number; at: string } {
    this.mustBeWritable();
    const applied = this.#commands.apply(command);
    if (applied.entry) this.#announce(applied);
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
      this.#commands.applyUnattended({ kind: "queue.create", queue: id, name, rule, items }),
    );
    this.#announce(applied);
  }

  lastAction(reader: ReaderId, direction: "undo" | "redo"): LastAction | null {
    return this.#commands.last(reader, direction);
  }

  addReader(reader: Reader): void {
    if (this.#change(() => this.#readers.add(reader))) this.#saved();
  }

  readers(): Reader[] {
    return this.#readers.all();
  }

  queues(): Queue[] {
    return this.#queues.all();
  }

  /** One per reader who said something of the item. */
  judgements(item: ItemNo): Judgement[] {
    return this.#judgements.of(item);
  }

  allJudgements(): Generator<Judgement> {
    return this.#judgements.all();
  }

  /** Items with a verdict of anyone. */
  judgedCount(): number {
    return this.#judgements.judgedCount();
  }

  regions(item: ItemNo): StoredRegion[] {
    return this.#judgements.regions(item);
  }

  allRegions(): Generator<StoredRegion> {
    return this.#judgements.allRegions();
  }

  /** Makes every table of what people said anew from the record alone. */
  rebuildState(): void {
    this.#change(() => this.#commands.rebuild());
    this.#emit({ kind: "columns", changed: this.#columns.list() });
  }

  /* ---- the record ---- */

  /** An entry for something that is no command: a report built, a file exported. */
  note(entry: Omit<NewEntry, "commandId">): RecordEntry {
    const made = this.#change(() => this.#record.append({ ...entry, commandId: null }));
    this.#saved();
    return made;
  }

  record(from: number, limit: number): RecordEntry[] {
    return this.#record.page(from, limit);
  }

  allRecord(): Generator<RecordEntry> {
    return this.#record.all();
  }

  recordTip(): { no: number; hash: string; at: string } {
    return this.#record.tip();
  }

  /** Every entry's hash and place in the chain, then the log beside it; yields once per entry, null where it is sound. */
  checkRecord(): Generator<RecordProblem | null> {
    return checkRecord(this.#record, this.folder);
  }

  verifyRecord(): RecordProblem[] {
    return [...this.checkRecord()].filter((problem) => problem !== null);
  }

  /* ---- what windows ask ---- */

  columns(): Column[] {
    return this.#columns.list();
  }

  /** Null where there is no such column. */
  column(run: RunId | null, id: string): ColumnData | null {
    return this.#columns.read(run, id);
  }

  rows(run: RunId | null, items: readonly ItemNo[]): ItemRow[] {
    return this.#rows.read(run, items);
  }

  detail(run: RunId | null, item: ItemNo): Detail {
    return readDetail(this, this.#judgements, run, item);
  }

  find(words: string): ItemNo[] {
    return findItems(this.#connection, words);
  }

  #change<Result>(work: () => Result): Result {
    this.mustBeWritable();
    return this.#connection.transaction(work);
  }

  #note(readerId: ReaderId | null, action: string, object: string, after: unknown): void {
    this.#record.append({ readerId, action, object, before: null, after, commandId: null });
  }

  #saved(): void {
    try {
      this.#log?.catchUp();
    } catch {
      // The store holds it: the log catches up at the next entry or the next open.
    }
    const { no, at } = this.#record.tip();
    this.#emit({ kind: "saved", recordNo: no, at });
  }

  #announce(applied: Applied): void {
    this.#saved();
    const names = new Set<CounterName>();
    const items = new Set<ItemNo>();
    for (const cell of applied.touched) {
      const [kind, subject] = cell.split("/");
      if (kind === "text") continue;
      names.add(kind as CounterName); // the first word of a cell names its counter
      if (kind !== "region" && kind !== "queue") items.add(Number(subject));
    }
    const item = applied.item;
    if (item !== null) items.add(item);
    this.#touched(names, [...items]);
    if (names.has("queue") || names.has("verdict"))
      this.#emit({ kind: "queues", queues: this.#queues.all() });
  }

  #touched(names: ReadonlySet<CounterName>, items: readonly ItemNo[]): void {
    if (this.#listeners.size === 0) return;
    if (items.length > 0) this.#emit({ kind: "items", items });
    const changed = this.#columns.dependingOn(names);
    if (changed.length > 0) this.#emit({ kind: "columns", changed });
  }

  #runChanged(id: RunId): void {
    if (this.#listeners.size === 0) return;
    this.#emit({ kind: "run", run: this.#runs.byId(id) });
    this.#emit({ kind: "columns", changed: this.#columns.ofRun(id) });
  }

  #emit(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
