import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ItemNo, ModelId, QueueId, RunId } from "../../shared/domain/ids.ts";
import type { NewEntry } from "./record.ts";

/** What the words of the other copy are called in ours. */
export interface Translation {
  readonly item: (theirs: ItemNo) => ItemNo | undefined;
  readonly recordNo: (theirs: number) => number | undefined;
  readonly queue: (theirs: QueueId) => QueueId;
  readonly model: (theirs: ModelId) => ModelId;
  /** Whether a run reads a model with a preparation that we have too: only then may its verdicts join a rate. */
  readonly isOurs: (run: RunId) => boolean;
}

/** Entries that the fold takes up, and those that only tell of a run: they keep their action. */
const told = new Set([
  "reader.add",
  "model.add",
  "run.create",
  "run.fit",
  "run.finish",
  "sheet.add",
]);

interface Content {
  readonly items?: readonly ItemNo[];
  readonly item?: ItemNo;
  readonly run?: RunId | null;
  readonly view?: { readonly queue?: QueueId | null } | null;
  readonly key?: { readonly modelId: ModelId };
  readonly fields?: { readonly plate?: readonly ItemNo[] };
  readonly changes?: { readonly plate?: readonly ItemNo[] };
  readonly modelId?: ModelId;
}

/**
 * An entry of the other copy as ours takes it: item numbers, queues and models as they are called here. What must not act on
 * ours (its plans, revisions, reports, and what is about items that we do not have) becomes `audit.kept`, whole.
 */
export function translateEntry(entry: RecordEntry, isPersonal: boolean, to: Translation): NewEntry {
  const { readerId, action, commandId } = entry;
  const before = translateCells(entry.before, to);
  const acts = (isPersonal && action !== "plan.freeze") || told.has(action);
  if (action === "audit.kept") return wholeOf(entry);
  if (!acts) return kept(entry);
  if (action === "undo" || action === "redo") {
    const target = to.recordNo(Number(entry.object.slice("record/".length)));
    if (target === undefined) return kept(entry);
    const after = translateCells(entry.after, to);
    return { readerId, action, object: `record/${target}`, before, after, commandId };
  }
  const content = entry.after as Content; // written by commands, as all that follows
  let { object } = entry;
  let after: Content = content;
  if (content.item !== undefined) {
    const item = to.item(content.item);
    if (item === undefined) return kept(entry);
    after = { ...after, item };
    object = object.replace(/^item\/\d+$/, `item/${item}`);
  }
  if (content.items !== undefined && action !== "queue.create") {
    const items = content.items.flatMap((item) => to.item(item) ?? []);
    if (items.length === 0 && content.items.length > 0) return kept(entry);
    after = { ...after, items };
    if (/^items?\/\d+$/.test(object))
      object = items.length === 1 ? `item/${items[0]}` : `items/${items.length}`;
  } else if (content.items !== undefined)
    after = { ...after, items: content.items.flatMap((item) => to.item(item) ?? []) };
  for (const part of ["fields", "changes"] as const) {
    const plate = content[part]?.plate;
    if (plate)
      after = {
        ...after,
        [part]: { ...content[part], plate: plate.flatMap((n) => to.item(n) ?? []) },
      };
  }
  if (content.view?.queue) {
    const joins = !content.run || to.isOurs(content.run);
    const queue = joins ? to.queue(content.view.queue) : null;
    after = { ...after, view: { ...content.view, queue } };
  }
  if (content.key)
    after = { ...after, key: { ...content.key, modelId: to.model(content.key.modelId) } };
  if (content.modelId) after = { ...after, modelId: to.model(content.modelId) };
  return { readerId, action, object, before, after, commandId };
}

function wholeOf({ readerId, action, object, before, after, commandId }: RecordEntry): NewEntry {
  return { readerId, action, object, before, after, commandId };
}

function kept({ readerId, action, object, after, commandId }: RecordEntry): NewEntry {
  const whole = { action, object, after };
  return { readerId, action: "audit.kept", object, before: null, after: whole, commandId };
}

const ofItem = /^(verdict|certainty|comment|fault|discuss|consensus|finding\.item)\/(\d+)\//;

/** Values by cell, each cell's item as it is called here; those of items that are not here are left out. */
function translateCells(cells: unknown, { item }: Translation): unknown {
  if (typeof cells !== "object" || cells === null) return cells;
  return Object.fromEntries(
    Object.entries(cells).flatMap(([cell, value]) => {
      const found = ofItem.exec(cell);
      if (!found) return [[cell, value]];
      const no = item(Number(found[2]));
      return no === undefined ? [] : [[cell.replace(ofItem, `$1/${no}/`), value]];
    }),
  );
}
