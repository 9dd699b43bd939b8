import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type {
  CommandId,
  ItemNo,
  ModelId,
  QueueId,
  ReaderId,
  RunId,
} from "../../shared/domain/ids.ts";
import type { Item } from "../../shared/domain/item.ts";
import { roleOfQueue } from "../../shared/domain/plan.ts";
import { isLocked } from "../../shared/domain/revision.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { conflictsOf, type Conflict } from "./aside.ts";
import { isPersonal, type MergeEntry } from "./commands.ts";
import { effectsOf, type Doable } from "./effects.ts";
import { translateEntry, type Translation } from "./merge-entry.ts";
import { matchItems } from "./merge-items.ts";
import { copyRunFiles, copyRunRows, matchModels } from "./merge-runs.ts";
import { syncFolder } from "./pack.ts";
import type { FrozenPlan } from "./plans.ts";
import { logLine } from "./record-log.ts";
import type { NewEntry } from "./record.ts";
import type { Tables } from "./tables.ts";

/** One of the two copies. */
export interface Copy {
  readonly folder: string;
  readonly name: string;
  readonly tables: Tables;
}

/** What comes in, and what is left as it is. */
export interface Merged {
  /** Last hash of the other copy. */
  readonly tip: string;
  /** Last entry that both copies have. */
  readonly common: number;
  /** Entries of the other copy that ours did not have; 0: nothing to do. */
  readonly entered: number;
  /** Of these, kept in the record without effect: its plans, revisions, reports, and words about items that are not here. */
  readonly kept: number;
  /** Entries that come in, by action, most first. */
  readonly actions: readonly { readonly action: string; readonly n: number }[];
  /** Entries that ours had already. */
  readonly known: number;
  readonly matched: number;
  readonly unmatched: readonly Item[];
  readonly runs: readonly RunId[];
  /** Models that ours does not have, or has with another preparation. */
  readonly models: readonly { readonly id: ModelId; readonly fileName: string }[];
  /** Who comes in. */
  readonly readers: readonly { readonly id: ReaderId; readonly name: string }[];
  /** Its plans that take no force here because they would read otherwise. */
  readonly plans: readonly FrozenPlan[];
  /** What both copies say differently, that of earlier merges too. */
  readonly conflicts: readonly Conflict[];
  /** Number of the revision that this opens, where a side was signed or waits for it. */
  readonly revision: number | null;
}

export interface MergeRequest {
  readonly by: ReaderId | null;
  readonly commandId: CommandId | null;
  /** Said of the revision that opens. */
  readonly words: string;
  /** Only what would be: nothing is written. */
  readonly isPreview: boolean;
}

/** Joins what was done in `other`, a copy of the same audit, to `own` (RX-129). Doing it again has no second effect. */
export function mergeCopy(own: Copy, other: Copy, request: MergeRequest): Merged {
  const plan = planMerge(own, other);
  const { tip, common, fresh, runs } = plan;
  if (!request.isPreview && fresh.length > 0) {
    keepLog(own.folder, other, tip.hash);
    keepReports(own.folder, other, tip.hash);
    copyRunFiles(other.folder, own.folder, runs);
  }
  let conflicts: readonly Conflict[] = [];
  let kept = 0;
  const connection = own.tables.connection;
  const enter = () => {
    if (fresh.length > 0) kept = enterAll(own, other, plan, request);
    conflicts = conflictsOf(connection);
    if (request.isPreview) throw new Preview();
  };
  try {
    connection.transaction(enter);
  } catch (error) {
    if (!(error instanceof Preview)) throw error;
  }
  return {
    ...{ tip: tip.hash, common, kept, conflicts, runs },
    entered: fresh.length,
    actions: countsOf(fresh),
    known: tip.no - common - fresh.length,
    matched: plan.items.ours.size,
    unmatched: plan.items.unmatched,
    models: plan.otherModels,
    readers: plan.readers,
    plans: plan.otherPlans,
    revision: plan.revision,
  };
}

function countsOf(entries: readonly RecordEntry[]) {
  const groups = [...Map.groupBy(entries, ({ action }) => action)];
  const counts = groups.map(([action, { length: n }]) => ({ action, n }));
  return counts.toSorted((a, b) => b.n - a.n || (a.action < b.action ? -1 : 1));
}

class Preview extends Error {}

type MergePlan = ReturnType<typeof planMerge>;

function planMerge(own: Copy, other: Copy) {
  const common = commonPrefix(own, other);
  const tip = other.tables.record.tip();
  const ownEntries = [...own.tables.record.all(common + 1)];
  const theirEntries = [...other.tables.record.all(common + 1)];
  const ownKeys = new Map(ownEntries.map((entry) => [keyOf(entry), entry.no]));
  const commandNo = (entry: RecordEntry) =>
    entry.commandId === null ? undefined : own.tables.record.byCommand(entry.commandId)?.no;
  const knownNo = (entry: RecordEntry) => ownKeys.get(keyOf(entry)) ?? commandNo(entry);
  // what a merge of theirs wrote of itself says nothing of the audit
  const fresh = theirEntries.filter(
    (entry) => knownNo(entry) === undefined && entry.action !== "audit.merge",
  );
  const items = matchItems(own.tables.items.all(), other.tables.items.all());
  const models = matchModels(own.tables.models.all(), other.tables.models.all());
  const ownRuns = new Set(own.tables.runs.all().map(({ id }) => id));
  const theirRuns = other.tables.runs.all();
  const runs = theirRuns.filter(({ id }) => !ownRuns.has(id)).map(({ id }) => id);
  const readers = other.tables.readers.all().filter(({ id }) => !own.tables.readers.has(id));
  const ownPlans = own.tables.plans.all();
  const ownHashes = new Set(ownPlans.map(({ hash }) => hash));
  const theirPlans = other.tables.plans.all();
  const locked = [own, other].map(({ tables }) => tables.revisions.current());
  if (locked[0]?.state === "building")
    fail("audit/locked", { name: own.name, revision: locked[0].no });
  const numbers = new Map(
    theirEntries.flatMap((entry) => {
      const no = knownNo(entry);
      return no === undefined ? [] : [[entry.no, no] as const];
    }),
  );
  const revision =
    fresh.length > 0 && locked.some(isLocked) ? Math.max(...locked.map(({ no }) => no)) + 1 : null;
  return {
    ...{ common, tip, fresh, items, runs, readers, numbers, revision, ownPlans, theirPlans },
    models: models.ours,
    otherModels: models.others.map(({ id, fileName }) => ({ id, fileName })),
    otherPlans: theirPlans.filter(({ hash }) => !ownHashes.has(hash)),
    foreignRuns: new Set(
      theirRuns
        .filter(({ modelId }) => models.others.some(({ id }) => id === modelId))
        .map(({ id }) => id),
    ),
    theirKeys: new Set(theirEntries.map(keyOf)),
    theirCommands: new Set(theirEntries.flatMap(({ commandId }) => commandId ?? [])),
    ownEntries,
  };
}

/** What an entry is known by in every copy that has it. */
function keyOf(entry: RecordEntry): string {
  return entry.origin?.hash ?? entry.hash;
}

/** Last number up to which both records are one. Fails where the copies are of two audits, or the other's record is broken. */
function commonPrefix(own: Copy, other: Copy): number {
  let common = 0;
  for (const entry of other.tables.record.all()) {
    if (own.tables.record.byNo(entry.no)?.hash !== entry.hash) break;
    common = entry.no;
  }
  if (common === 0) fail("merge/no-common", { name: own.name, other: other.folder });
  return common;
}

function enterAll(own: Copy, other: Copy, plan: MergePlan, request: MergeRequest): number {
  const { tables } = own;
  const { tip, common, fresh, items, models, numbers } = plan;
  const to: Translation = {
    item: (no: ItemNo) => items.ours.get(no),
    recordNo: (no) => (no <= common ? no : numbers.get(no)),
    queue: queueNames(plan.ownPlans, plan.theirPlans),
    model: (id) => models.get(id) ?? id,
    isOurs: (run) => !plan.foreignRuns.has(run),
  };
  const translated = fresh.map((entry) => ({
    entry,
    made: () => translateEntry(entry, isPersonal(entry.action), to),
  }));
  const aside = bothChanged(
    own,
    plan,
    translated.map(({ made }) => made()),
  );
  const { by: readerId, commandId } = request;
  const merge: MergeEntry = { tip: tip.hash, no: tip.no, common, aside };
  const counts = {
    entries: fresh.length,
    matched: items.ours.size,
    unmatched: items.unmatched.length,
  };
  tables.record.append({
    ...{ readerId, action: "audit.merge", object: `record/${tip.hash}`, before: null, commandId },
    after: { ...merge, ...counts },
  });
  tables.commands.setAside(tip.hash, aside);
  if (plan.revision !== null)
    tables.record.append({
      ...{ readerId, action: "revision.reopen", object: `revision/${plan.revision}` },
      ...{ before: null, after: { words: request.words }, commandId: null },
    });
  copyRunRows(other.tables.connection, tables.connection, plan.runs, to);
  let kept = 0;
  for (const { entry, made } of translated) {
    const words = made(); // now: an undo names an entry that has its number by now
    const origin = { tip: tip.hash, no: entry.no, hash: entry.hash };
    const { no } = tables.commands.adopt(words, entry.at, origin);
    numbers.set(entry.no, no);
    if (words.action === "audit.kept") kept++;
  }
  tables.sheets.rebuild();
  tables.plans.refresh();
  return kept;
}

/** Queues of a plan that would read alike are ours: what was read in them was read in ours. */
function queueNames(ours: readonly FrozenPlan[], theirs: readonly FrozenPlan[]) {
  const names = new Map<QueueId, QueueId>();
  for (const plan of theirs) {
    const own = ours.find(({ hash }) => hash === plan.hash);
    if (!own) continue;
    const pairs = [
      [plan.sample.queue, own.sample.queue],
      [plan.reading.secondReading?.queue, own.reading.secondReading?.queue],
      [plan.reading.adjudication, own.reading.adjudication],
    ] as const;
    for (const [from, to] of pairs) if (from && to && roleOfQueue(own, to)) names.set(from, to);
  }
  return (queue: QueueId) => names.get(queue) ?? queue;
}

/** Cells that entries of the other copy write and that ours wrote by itself since the two parted. */
function bothChanged(own: Copy, plan: MergePlan, entries: readonly NewEntry[]): string[] {
  const { theirKeys, theirCommands, ownEntries, common } = plan;
  const ownNos = new Set(
    ownEntries
      .filter((entry) => !theirKeys.has(keyOf(entry)))
      .filter(({ commandId }) => commandId === null || !theirCommands.has(commandId))
      .map(({ no }) => no),
  );
  const written = new Set(
    own.tables.connection
      .all<{ cell: string; no: number }>("SELECT cell, no FROM change WHERE no > ?", common)
      .filter(({ no }) => ownNos.has(no))
      .map(({ cell }) => cell),
  );
  const both = new Set<string>();
  for (const { action, after, readerId } of entries) {
    if (!isPersonal(action) || action === "undo" || action === "redo") continue;
    const body = { kind: action, ...(after as object) } as Doable; // as written by commands
    // `true`: whatever could be there, so that every cell which may be written is named
    for (const { cell } of effectsOf(body, readerId, 0, () => true))
      if (written.has(cell)) both.add(cell);
  }
  return [...both].toSorted();
}

/** The other's record as it is, `merged/<tip>.log`: what every origin refers to. */
function keepLog(folder: string, other: Copy, tip: string): void {
  const merged = join(folder, "merged");
  mkdirSync(merged, { recursive: true });
  const part = join(merged, `${tip}.part`);
  const handle = openSync(part, "w");
  try {
    for (const entry of other.tables.record.all()) writeSync(handle, logLine(entry));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(part, join(merged, `${tip}.log`));
  syncFolder(merged);
}

/** Reports that were built for signing there stay as they are, beside its log: each can be verified by itself. */
function keepReports(folder: string, other: Copy, tip: string): void {
  const exports = join(other.folder, "exports");
  if (!existsSync(exports)) return;
  for (const name of readdirSync(exports))
    if (/^r\d+$/.test(name))
      cpSync(join(exports, name), join(folder, "merged", tip, name), { recursive: true });
}
