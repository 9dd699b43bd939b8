import { implement } from "@orpc/server";
import { audits as contract, type AuditEvent } from "../../shared/contract/audits.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { itemDetail } from "../jobs/item-detail.ts";
import { actionWords } from "../jobs/action-words.ts";
import { summarise } from "../jobs/summary.ts";
import type { AuditStore } from "../store/audit-store.ts";
import type { StoreChange } from "../store/change.ts";
import { Backlog } from "./backlog.ts";
import type { Deps } from "./deps.ts";

/** One audit: what it holds, what changes, and the commands that change it. */
export function auditRoutes({ audits, library }: Pick<Deps, "audits" | "library">) {
  const route = implement(contract);
  return {
    get: route.get.handler(async ({ input }) => {
      const { store } = await audits.get(input.auditId);
      const { notes, ...audit } = store.overview();
      return { ...audit, notes: [...repairNotes(store), ...notes] };
    }),

    watch: route.watch.handler(async function* ({ input, signal }) {
      const { store, jobs } = await audits.get(input.auditId);
      const backlog = new Backlog<AuditEvent>(signal);
      const stop = store.onChange((event) => backlog.add(eventOf(event)));
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

    apply: route.apply.handler(async ({ input: { auditId, command } }) => {
      const { store } = await audits.get(auditId);
      store.mustBeWritable();
      const me = library.me();
      if (me && me.id === command.readerId) store.addReader(me);
      return store.apply(command);
    }),

    rows: route.rows.handler(async ({ input: { auditId, run, items } }) =>
      (await audits.get(auditId)).store.rows(run, items),
    ),

    detail: route.detail.handler(async ({ input: { auditId, run, item } }) =>
      itemDetail(await audits.get(auditId), run, item),
    ),

    summary: route.summary.handler(async ({ input: { auditId, run, top } }) =>
      summarise((await audits.get(auditId)).store, run, top),
    ),

    find: route.find.handler(async ({ input: { auditId, words } }) =>
      (await audits.get(auditId)).store.find(words),
    ),

    lastAction: route.lastAction.handler(async ({ input: { auditId, readerId, direction } }) => {
      const { store } = await audits.get(auditId);
      const last = store.lastAction(readerId, direction);
      if (!last) return null;
      const { recordNo, action, item } = last;
      return { recordNo, action, item, words: actionWords(last) };
    }),

    record: route.record.handler(async ({ input: { auditId, from, limit } }) => [
      ...(await audits.get(auditId)).store.record(from, limit),
    ]),
  };
}

/** A plain account of what was done to a store that was found damaged (RX-125). */
function repairNotes({ repair }: AuditStore): string[] {
  if (!repair) return [];
  const { copy, replayed, kept } = repair;
  return [message("jobs.note.repaired", { copy, replayed, kept })];
}

/** A store's change as the contract's event: the same words, mutable lists. */
function eventOf(change: StoreChange): AuditEvent {
  switch (change.kind) {
    case "columns":
      return { kind: "columns", changed: [...change.changed] };
    case "queues":
      return { kind: "queues", queues: [...change.queues] };
    case "items":
      return { kind: "items", items: [...change.items] };
    default:
      return change;
  }
}
