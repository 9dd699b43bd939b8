import { randomUUID } from "node:crypto";
import type { MergedWords } from "../../shared/contract/merge.ts";
import type { CommandId, ItemNo, QueueId, ReaderId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Merged } from "../store/merge.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { openAudit } from "../store/open-audit.ts";
import type { OpenedAudit } from "./opened-audit.ts";

/** At most so many names of a list are told; its count says how many there are. */
const told = 100;

/** What merging the copy in `folder` would bring in. Nothing is written, in either. */
export function previewMerge({ store }: OpenedAudit, folder: string): MergedWords {
  return withCopy(folder, (copy) => {
    const words = message("merge.reopened", { name: copy.facts.name });
    const request = { by: null, commandId: null, words, isPreview: true };
    return wordsOf(store.merge(copy, request), store, copy, null);
  });
}

/**
 * Merges the copy in `folder`, as it was when somebody looked (`tip`); a rolling copy of ours is made before. Items that one
 * reader judged differently in the two get a queue of their own. Fails with `merge/changed` and what `AuditStore.merge` says.
 */
export async function mergeFolder(
  { store }: OpenedAudit,
  folder: string,
  act: { readonly by: ReaderId | null; readonly commandId: CommandId | null; readonly tip: string },
): Promise<MergedWords> {
  store.mustBeWritable();
  await store.copy();
  return withCopy(folder, (copy) => {
    if (copy.recordTip().hash !== act.tip) fail("merge/changed", { other: copy.facts.name });
    const { by, commandId } = act;
    const words = message("merge.reopened", { name: copy.facts.name });
    const merged = store.merge(copy, { by, commandId, words, isPreview: false });
    const items = [...new Set(merged.conflicts.flatMap(({ item }) => item ?? []))];
    const queue = merged.entered > 0 ? queueOf(store, items) : null;
    return wordsOf(merged, store, copy, queue);
  });
}

function withCopy<T>(folder: string, work: (copy: AuditStore) => T): T {
  const copy = openAudit(folder, { readOnly: true });
  try {
    return work(copy);
  } finally {
    copy.closeNow();
  }
}

/** Filterable in the Grid, and read again one after the other. */
function queueOf(store: AuditStore, items: readonly ItemNo[]): QueueId | null {
  if (items.length === 0) return null;
  const id = randomUUID() as QueueId;
  const name = message("merge.queue", { n: items.length });
  store.createQueue({ id, name, rule: { kind: "filter", words: name }, items });
  return id;
}

function wordsOf(
  merged: Merged,
  store: AuditStore,
  copy: AuditStore,
  queue: QueueId | null,
): MergedWords {
  const { conflicts, unmatched, models, readers, plans, runs, actions, ...counts } = merged;
  const names = new Map(
    [...copy.readers(), ...store.readers()].map(({ id, name }) => [id, name] as const),
  );
  return {
    ...counts,
    actions: [...actions],
    readers: readers.map(({ name }) => name),
    runs: runs.length,
    models: models.map(({ fileName }) => fileName),
    unmatched: unmatched.length,
    unmatchedPaths: unmatched.slice(0, told).map(({ path }) => path),
    plans: plans.length,
    conflicts: conflicts.length,
    conflictList: conflicts.slice(0, told).map(({ kind, item, reader }) => ({
      ...{ kind, item },
      path: item === null ? null : store.item(item).path,
      reader: reader === null ? null : (names.get(reader) ?? reader),
    })),
    queue,
  };
}
