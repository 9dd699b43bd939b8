import { implement } from "@orpc/server";
import { meetings as contract } from "../../shared/contract/meetings.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import type { Deps } from "./deps.ts";
import type { CallContext, Caller } from "./sessions.ts";

/** What a room looks at together, as the caller may see it. */
export function meetingRoutes({ audits, sights }: Pick<Deps, "audits" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  const seen = async (auditId: AuditId, caller: Caller) =>
    sights.of((await audits.get(auditId)).store, caller);
  return {
    list: route.list.handler(async ({ input: { auditId }, context: { caller } }) => {
      const store = await seen(auditId, caller);
      return { meetings: store.meetings(), discussed: store.discussed() };
    }),
    item: route.item.handler(async ({ input: { auditId, item }, context: { caller } }) => {
      const store = await seen(auditId, caller);
      const said = store
        .judgements(item)
        .filter(({ verdict, comment }) => verdict !== null || comment !== "")
        .map(({ readerId, verdict, reasons, certainty, comment }) => ({
          ...{ readerId, verdict, reasons, certainty, comment },
        }));
      return { consensus: store.consensus(item), said };
    }),
  };
}
