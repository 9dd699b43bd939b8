import { implement } from "@orpc/server";
import { audits as contract, type AuditEvent, type Column } from "../../shared/contract/audits.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { itemDetail } from "../jobs/item-detail.ts";
import { actionWords } from "../jobs/action-words.ts";
import { mergeFolder, previewMerge } from "../jobs/merge.ts";
import { summarise } from "../jobs/summary.ts";
import type { AuditStore } from "../store/audit-store.ts";
import type { StoreChange } from "../store/change.ts";
import type { Sight } from "../store/sight.ts";
import { Backlog } from "./backlog.ts";
import type { Deps } from "./deps.ts";
import { joinAsFirst, mustApply, mustLead } from "./rights.ts";
import type { CallContext, Caller } from "./sessions.ts";

/** One audit: what it holds, what changes, and the commands that change it. */
export function auditRoutes({
  audits,
  library,
  places,
  sights,
}: Pick<Deps, "audits" | "library" | "places" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  /** The audit as the caller may see it: every answer with people's words in it comes from here. */
  const seen = async (auditId: AuditId, caller: Caller) =>
    sights.of((await audits.get(auditId)).store, caller);
  return {
    get: route.get.handler(async ({ input, context: { caller } }) => {
      const { store } = await audits.get(input.auditId);
      joinAsFirst(caller, store, library);
      const { notes, ...audit } = sights.of(store, caller).overview();
      return { ...audit, notes: [...repairNotes(store), ...notes] };
    }),

    watch: route.watch.handler(async function* ({ input, signal, context: { caller } }) {
      const { store, jobs } = await audits.get(input.auditId);
      const backlog = new Backlog<AuditEvent>(signal);
      const stop = store.onChange((change) => {
        const sight = sights.blind(store, caller);
        const event = sight ? seenChange(change, sight) : change;
        if (event) backlog.add(eventOf(event));
      });
      void (async () => {
        for await (const list of jobs.watch(signal)) {
          for (const job of list) backlog.add({ kind: "job", job });
        }
      })();
      try {
        yield* backlog;
      } finally {
        stop();
      }
    }),

    apply: route.apply.handler(async ({ input: { auditId, command }, context: { caller } }) => {
      const { store } = await audits.get(auditId);
      store.mustBeWritable();
      mustApply(caller, command, store, library);
      return store.apply(command);
    }),

    rows: route.rows.handler(async ({ input: { auditId, run, items }, context: { caller } }) =>
      (await seen(auditId, caller)).rows(run, items),
    ),

    detail: route.detail.handler(async ({ input: { auditId, run, item }, context: { caller } }) =>
      itemDetail({ store: await seen(auditId, caller) }, run, item),
    ),

    summary: route.summary.handler(async ({ input: { auditId, run, top }, context: { caller } }) =>
      summarise(await seen(auditId, caller), run, top),
    ),

    previewMerge: route.previewMerge.handler(async ({ input: { auditId, place } }) =>
      previewMerge(await audits.get(auditId), await places.resolve(place)),
    ),

    merge: route.merge.handler(
      async ({ input: { auditId, place, tip, commandId }, context: { caller } }) => {
        const audit = await audits.get(auditId);
        const by = mustLead(caller, audit.store);
        return mergeFolder(audit, await places.resolve(place), { by, commandId, tip });
      },
    ),

    find: route.find.handler(async ({ input: { auditId, words }, context: { caller } }) =>
      (await seen(auditId, caller)).find(words),
    ),

    lastAction: route.lastAction.handler(
      async ({ input: { auditId, readerId, direction }, context: { caller } }) => {
        if ("readerId" in caller && caller.readerId !== readerId) fail("people/other-reader", {});
        const { store } = await audits.get(auditId);
        const last = store.lastAction(readerId, direction);
        if (!last) return null;
        const { recordNo, action, item } = last;
        return { recordNo, action, item, words: actionWords(last) };
      },
    ),

    record: route.record.handler(
      async ({ input: { auditId, from, limit }, context: { caller } }) => [
        ...(await seen(auditId, caller)).record(from, limit),
      ],
    ),
  };
}

/** A plain account of what was done to a store that was found damaged (RX-125). */
function repairNotes({ repair }: AuditStore): string[] {
  if (!repair) return [];
  const { copy, replayed, kept } = repair;
  return [message("jobs.note.repaired", { copy, replayed, kept })];
}

/**
 * A change as a reader who reads blind learns of it: columns and queues as they see them, nothing of items hidden from
 * them. What is not about people's words passes: a run's results are nobody's opinion.
 */
function seenChange(change: StoreChange, sight: Sight): StoreChange | null {
  switch (change.kind) {
    case "columns": {
      // With a verdict of their own more may show, in every column of what people say.
      const ids = new Set(change.changed.map((column) => columnKey(column)));
      const changed = sight
        .columns()
        .filter((column) => ids.has(columnKey(column)) || isOfPeople(column));
      return { kind: "columns", changed };
    }
    case "queues":
      return { kind: "queues", queues: sight.queues() };
    case "items": {
      if (change.by === undefined) return change;
      const items = change.items.filter((item) => !sight.hidden.has(item));
      return items.length > 0 ? { kind: "items", items } : null;
    }
    default:
      return change;
  }
}

const columnKey = ({ run, id }: Column) => `${run ?? "-"}/${id}`;

const isOfPeople = ({ id, run }: Column) =>
  run === null && /^(?:verdict|fault|comment|discuss|regions|reason:|read:|finding)/.test(id);

/** A store's change as the contract's event: the same words, mutable lists. */
function eventOf(change: StoreChange): AuditEvent {
  switch (change.kind) {
    case "columns":
      return { kind: "columns", changed: [...change.changed] };
    case "queues":
      return { kind: "queues", queues: [...change.queues] };
    case "items":
      return { kind: "items", items: [...change.items] };
    case "readers":
      return { kind: "readers", readers: [...change.readers] };
    default:
      return change;
  }
}
