import type { Cover, IdentityState } from "../../shared/domain/identity.ts";
import type { IdentityCounts } from "./identity.ts";
import type {
  Audit,
  Column,
  Participant,
  ItemRow,
  Model,
  Queue,
  RevisionSummary,
  Run,
} from "../../shared/contract/audits.ts";
import type { RecordEntry, ReportField } from "../../shared/domain/command.ts";
import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import type {
  CommandId,
  FindingId,
  ItemNo,
  QueueId,
  ModelId,
  ReaderId,
  RunId,
  TestId,
} from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import type { Consensus, Meeting } from "../../shared/domain/meeting.ts";
import type { Judgement } from "../../shared/domain/review.ts";
import { isLocked, signedOf, type Revision } from "../../shared/domain/revision.ts";
import type { Role } from "../../shared/domain/role.ts";
import type { RecordedReader } from "../../shared/domain/signature.ts";
import { fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import { conflictsOf, type Conflict } from "./aside.ts";
import { readSetting, readTexts, type AuditFacts } from "./audit-facts.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import type { ColumnData } from "./columns.ts";
import type { LastAction } from "./commands.ts";
import { readDetail, type Detail } from "./detail.ts";
import type { FitState } from "./fits.ts";
import { findItems } from "./find.ts";
import type { ItemCounts } from "./items.ts";
import type { StoredTest } from "./region-tests.ts";
import type { StoredRegion } from "./judgements.ts";
import type { StoredMeasure } from "./measures.ts";
import type { NewModel } from "./models.ts";
import type { StoredMap, StoredPrediction } from "./results.ts";
import type { RunState } from "./runs.ts";
import type { SheetKey } from "./sheets.ts";
import type { FrozenPlan } from "./plans.ts";
import type { Reading } from "./plan-readings.ts";
import { findEntries, recordActions, type RecordFilter } from "./record-query.ts";
import { checkRecord, type RecordProblem } from "./verify-record.ts";
import type { Tables } from "./tables.ts";

/** What `exportBundle` gives: each piece can be gone through more than once. */
export interface Bundle {
  readonly overview: Audit;
  readonly items: () => Iterable<Item>;
  readonly facets: () => Iterable<{
    readonly item: ItemNo;
    readonly facets: Record<string, string>;
  }>;
  readonly evidence: () => Iterable<{ readonly item: ItemNo; readonly evidence: EvidenceSource }>;
  readonly predictions: (run: RunId) => Iterable<StoredPrediction>;
  readonly measures: (run: RunId) => Iterable<StoredMeasure>;
  readonly maps: (run: RunId) => Iterable<StoredMap & { readonly item: ItemNo }>;
  readonly failures: (run: RunId) => Iterable<{ readonly item: ItemNo; readonly error: ErrorJson }>;
  readonly judgements: () => Iterable<Judgement>;
  readonly regions: () => Iterable<StoredRegion>;
  readonly record: () => Iterable<RecordEntry>;
}

/** What can be read of an open audit: by windows, reports, jobs. Nothing here changes anything. */
export abstract class AuditReader {
  readonly folder: string;
  readonly facts: AuditFacts;
  protected readonly tables: Tables;

  constructor(folder: string, facts: AuditFacts, tables: Tables) {
    this.folder = folder;
    this.facts = facts;
    this.tables = tables;
  }

  abstract get isReadOnly(): boolean;

  /** Everything `audits.get` answers. */
  overview(): Audit {
    const { id, name, createdAt, medical, notes } = this.facts;
    const counts = this.tables.items.counts();
    const tip = this.tables.record.tip();
    return {
      id,
      name,
      createdAt,
      isReadOnly: this.isReadOnly || isLocked(this.revision()),
      revision: this.revisionSummary(),
      items: counts.items,
      unreadable: counts.unreadable,
      earlierFiles: counts.earlierFiles,
      classes: this.tables.items.classes(),
      hasEvidence: counts.withEvidence > 0,
      medical,
      models: this.tables.models.all(),
      runs: this.tables.runs.all(),
      queues: this.tables.queues.all(),
      columns: this.tables.columns.list(),
      readers: this.tables.readers.all(),
      recordNo: tip.no,
      savedAt: tip.at,
      texts: this.texts(),
      notes: [...notes],
    };
  }

  /** The revision of the report that people work on. */
  revision(): Revision {
    return this.tables.revisions.current();
  }

  /** What copies that were merged say differently, and nobody has answered since. */
  conflicts(): Conflict[] {
    return conflictsOf(this.tables.connection);
  }

  /** Every revision, in order. */
  revisions(): readonly Revision[] {
    return this.tables.revisions.all();
  }

  revisionSummary(): RevisionSummary {
    const revision = this.revision();
    const { k, n } = signedOf(revision);
    return { no: revision.no, state: revision.state, signed: k, signers: n };
  }

  texts(): Record<ReportField, string> {
    const empty: Record<ReportField, string> = {
      purpose: "",
      "intended-use": "",
      audience: "",
      decision: "",
      "evidence-definition": "",
      summary: "",
      "early-report": "",
      actions: "",
      limits: "",
    };
    return { ...empty, ...readTexts(this.tables.connection) };
  }

  /** Everything an export writes, piece by piece: nothing is held that was not asked for. */
  exportBundle(): Bundle {
    return {
      overview: this.overview(),
      items: () => this.allItems(),
      facets: () => this.allFacets(),
      evidence: () => this.allEvidence(),
      predictions: (run) => this.predictions(run),
      measures: (run) => this.measures(run),
      maps: (run) => this.maps(run),
      failures: (run) => this.failures(run),
      judgements: () => this.allJudgements(),
      regions: () => this.allRegions(),
      record: () => this.allRecord(),
    };
  }

  /** Any value that JSON holds; null where nothing was set. Not part of the record. */
  setting(key: string): unknown {
    return readSetting(this.tables.connection, key);
  }

  itemCount(): number {
    return this.tables.items.count();
  }

  itemCounts(): ItemCounts {
    return this.tables.items.counts();
  }

  classes(): string[] {
    return this.tables.items.classes();
  }

  item(no: ItemNo): Item {
    return this.tables.items.byNo(no);
  }

  itemByPath(path: string): Item | null {
    return this.tables.items.byPath(path);
  }

  /** These numbers in this order, or `limit` items from number `from` on. */
  items(which: readonly ItemNo[] | { readonly from: ItemNo; readonly limit: number }): Item[] {
    return "from" in which
      ? this.tables.items.range(which.from, which.limit)
      : this.tables.items.byNumbers(which);
  }

  allItems(): Generator<Item> {
    return this.tables.items.all();
  }

  evidence(no: ItemNo): EvidenceSource | null {
    return this.tables.items.evidence(no);
  }

  facets(no: ItemNo): Record<string, string> {
    return this.tables.items.facets(no);
  }

  /** Facets of every item that has any, in item order. */
  allFacets(): Generator<{ readonly item: ItemNo; readonly facets: Record<string, string> }> {
    return this.tables.items.allFacets();
  }

  /** Evidence of every item that has some, in item order. */
  allEvidence(): Generator<{ readonly item: ItemNo; readonly evidence: EvidenceSource }> {
    return this.tables.items.allEvidence();
  }

  unhashed(): ItemNo[] {
    return this.tables.items.unhashed();
  }

  /** Heaviest first, then oldest first. */
  findings(): Finding[] {
    return this.tables.findings.all();
  }

  finding(id: FindingId): Finding {
    return this.tables.findings.byId(id) ?? fail("finding/unknown", { finding: id });
  }

  findingsOf(item: ItemNo): FindingId[] {
    return this.tables.findings.of(item);
  }

  /** Items of a finding that somebody called Spurious and nobody does any more. */
  noLongerSpurious(id: FindingId): ItemNo[] {
    return this.tables.findings.noLongerSpurious(id);
  }

  /** Items that somebody marked for discussion. */
  discussed(): ItemNo[] {
    return this.tables.meetings.discussed();
  }

  /** Meetings that were held, oldest first. */
  meetings(): Meeting[] {
    return this.tables.meetings.all();
  }

  /** What meetings agreed on: of one item newest first, of every item in item order. */
  consensus(item?: ItemNo): Consensus[] {
    return this.tables.meetings.consensus(item);
  }

  models(): Model[] {
    return this.tables.models.all();
  }

  /** With the file's path and the description, which the contract leaves out. */
  model(id: ModelId): NewModel {
    return this.tables.models.byId(id);
  }

  runs(): Run[] {
    return this.tables.runs.all();
  }

  runById(id: RunId): Run {
    return this.tables.runs.byId(id);
  }

  runState(id: RunId): RunState {
    return this.tables.runs.stateOf(id);
  }

  /** Newest finished run with this identity (`runIdentity`), RX-72. */
  finishedRun(identity: string): Run | null {
    return this.tables.runs.finished(identity);
  }

  /** Runs that were under way when the process ended (RX-69). */
  interruptedRuns(): Run[] {
    return this.tables.runs.interrupted();
  }

  /** Items of the run not tried yet, in order. */
  pendingItems(id: RunId): ItemNo[] {
    return this.tables.runs.pending(id);
  }

  /** What the run's method learns before its maps, and how far that is; null where it learns nothing. */
  /** The reliability sheet that holds for a run's maps; null where none was made. */
  sheet(id: RunId): ReliabilitySheet | null {
    const { sheet } = this.tables.runs.byId(id);
    return sheet === "not-made" ? null : this.tables.sheets.of(this.sheetKey(id));
  }

  /** The sheet of a method at a layer of a model; null where none was made. */
  sheetOf(key: SheetKey): ReliabilitySheet | null {
    return this.tables.sheets.of(key);
  }

  /** What a sheet of this run's maps is made for. */
  sheetKey(id: RunId): SheetKey {
    const { modelId, tap, method, fit } = this.tables.runs.byId(id);
    return { modelId, tap: tap.name, method, fitSha256: fit?.sha256 ?? null };
  }

  /** Sheets that differ from what the record says of them. */
  changedSheets(): { readonly id: string; readonly method: MethodId }[] {
    return this.tables.sheets.changed();
  }

  fit(id: RunId): FitState | null {
    return this.tables.fits.of(id);
  }

  readMap(run: RunId, item: ItemNo): StoredMap | null {
    return this.tables.results.map(run, item);
  }

  /** Every map of a run in item order. */
  maps(run: RunId): Generator<StoredMap & { readonly item: ItemNo }> {
    return this.tables.results.maps(run);
  }

  /** `[C]` */
  logits(run: RunId, item: ItemNo): Float32Array | null {
    return this.tables.results.logits(run, item);
  }

  /** In item order. */
  predictions(run: RunId): StoredPrediction[] {
    return this.tables.results.predictions(run);
  }

  measure(run: RunId, item: ItemNo): StoredMeasure | null {
    return this.tables.measures.of(run, item);
  }

  /** In item order. */
  measures(run: RunId): Generator<StoredMeasure> {
    return this.tables.measures.all(run);
  }

  failures(run: RunId): { item: ItemNo; error: ErrorJson }[] {
    return this.tables.results.failures(run);
  }

  /** Whether the item's pixels may show a name; null: the audit is not medical and nobody is asked. */
  identityState(item: ItemNo): IdentityState | null {
    return this.tables.identity.state(item);
  }

  identityStates(): Map<ItemNo, IdentityState> {
    return this.tables.identity.states();
  }

  identityCounts(): IdentityCounts {
    return this.tables.identity.counts();
  }

  /** What is to be filled in everything made of the item's picture that is kept or leaves; null: nothing. */
  cover(item: ItemNo): Cover | null {
    return this.tables.identity.cover(item);
  }

  thumbnail(item: ItemNo): Uint8Array | null {
    return this.tables.thumbnails.get(item);
  }

  lastAction(reader: ReaderId, direction: "undo" | "redo"): LastAction | null {
    return this.tables.commands.last(reader, direction);
  }

  readers(): Participant[] {
    return this.tables.readers.all();
  }

  /** What somebody may do here; null where they have not joined. */
  roleOf(reader: ReaderId): Role | null {
    return this.tables.readers.roleOf(reader);
  }

  /** Every key with each name and role that its holder has had: what signatures are checked against. */
  recordedReaders(): RecordedReader[] {
    return this.tables.readers.recorded();
  }

  /** Items of a queue that have been read, in its order; in a random sample only those judged in it. */
  readItems(queue: QueueId): ItemNo[] {
    return this.tables.queues.readItems(queue);
  }

  queues(): Queue[] {
    return this.tables.queues.all();
  }

  /** Frozen plans, oldest first. */
  plans(): FrozenPlan[] {
    return this.tables.plans.all();
  }

  /** What was said of the items of a random sample, in it, its second reading and its adjudication. */
  sampleReadings(sample: QueueId): Reading[] {
    return this.tables.plans.readings(sample);
  }

  /** One per reader who said something of the item. */
  judgements(item: ItemNo): Judgement[] {
    return this.tables.judgements.of(item);
  }

  allJudgements(): Generator<Judgement> {
    return this.tables.judgements.all();
  }

  /** Items with a verdict of anyone. */
  judgedCount(): number {
    return this.tables.judgements.judgedCount();
  }

  /** Items on which this reader's own verdict stands. */
  judgedBy(reader: ReaderId): Set<ItemNo> {
    return this.tables.judgements.judgedBy(reader);
  }

  queueItems(queue: QueueId): ItemNo[] {
    return this.tables.queues.items(queue);
  }

  /**
   * The state that decides what is hidden from a reader: `stamp` names it, `revision` only grows, and rises with every
   * change of what is hidden from them.
   */
  sightRevision(reader: ReaderId | null): { readonly stamp: string; readonly revision: number } {
    const { verdict, queue } = this.tables.counters.all();
    const roles = reader === null ? 0 : this.tables.readers.roleChanges(reader);
    const { no } = this.tables.record.tip();
    return { stamp: `${verdict}/${queue}/${roles}/${no}`, revision: verdict + queue + roles };
  }

  /** Tests of the item's regions that stand, newest first. */
  regionTests(item: ItemNo): StoredTest[] {
    return this.tables.tests.of(item);
  }

  regionTest(id: TestId): StoredTest | null {
    return this.tables.tests.byId(id);
  }

  allRegionTests(): Generator<StoredTest> {
    return this.tables.tests.all();
  }

  regions(item: ItemNo): StoredRegion[] {
    return this.tables.judgements.regions(item);
  }

  allRegions(): Generator<StoredRegion> {
    return this.tables.judgements.allRegions();
  }

  /** The entry that a command left, if it was applied before. */
  entryOf(command: CommandId): { no: number; at: string } | undefined {
    return this.tables.record.byCommand(command);
  }

  entry(no: number): RecordEntry | null {
    return this.tables.record.byNo(no);
  }

  record(from: number, limit: number): RecordEntry[] {
    return this.tables.record.page(from, limit);
  }

  /** Entries that fit, newest first. */
  findEntries(filter: RecordFilter, page: { readonly offset: number; readonly limit: number }) {
    return findEntries(this.tables, filter, page);
  }

  /** Actions that the record holds, most frequent first. */
  recordActions(): string[] {
    return recordActions(this.tables.connection);
  }

  allRecord(): Generator<RecordEntry> {
    return this.tables.record.all();
  }

  recordTip(): { no: number; hash: string; at: string } {
    return this.tables.record.tip();
  }

  /** Every entry's hash and place in the chain, then the log beside it; yields once per entry, null where it is sound. */
  checkRecord(): Generator<RecordProblem | null> {
    return checkRecord(this.tables.record, this.folder);
  }

  verifyRecord(): RecordProblem[] {
    return [...this.checkRecord()].filter((problem) => problem !== null);
  }

  columns(): Column[] {
    return this.tables.columns.list();
  }

  /** Null where there is no such column. */
  column(run: RunId | null, id: string): ColumnData | null {
    return this.tables.columns.read(run, id);
  }

  rows(run: RunId | null, items: readonly ItemNo[]): ItemRow[] {
    return this.tables.rows.read(run, items);
  }

  detail(run: RunId | null, item: ItemNo): Detail {
    return readDetail(this, this.tables.judgements, run, item);
  }

  find(words: string): ItemNo[] {
    return findItems(this.tables.connection, words);
  }
}
