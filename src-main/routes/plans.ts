import { implement } from "@orpc/server";
import { plans as contract } from "../../shared/contract/plans.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { planOf } from "../jobs/draw-plan.ts";
import { planProgress, worklistOf } from "../jobs/plan-progress.ts";
import { previewPlan } from "../jobs/plan-preview.ts";
import { ratesOf } from "../jobs/rates.ts";
import type { Deps } from "./deps.ts";
import { mustApply } from "./rights.ts";
import type { CallContext } from "./sessions.ts";

/** Plans of reading, how far they are, and the rates that come of them. */
export function planRoutes({
  audits,
  library,
  sights,
}: Pick<Deps, "audits" | "library" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  return {
    preview: route.preview.handler(async ({ input: { auditId, choices } }) =>
      previewPlan((await audits.get(auditId)).store, choices),
    ),

    freeze: route.freeze.handler(async ({ input, context: { caller } }) => {
      const { auditId, choices, commandId, readerId, no, reason } = input;
      const { store } = await audits.get(auditId);
      store.mustBeWritable();
      const known = store.plans().find((plan) => plan.commandId === commandId);
      if (known) return { no: known.no, recordNo: known.recordNo, at: known.at };
      if (no !== store.plans().length + 1) fail("plan/another", { no });
      if (no > 1 && reason.trim() === "") fail("plan/needs-reason", { no });
      const frozen = planOf(store, choices, { no, reason: reason.trim() });
      const command = { id: commandId, readerId, kind: "plan.freeze", ...frozen } as const;
      mustApply(caller, command, store, library);
      // Whom the plan names takes part, even before they first open the audit.
      for (const id of [...choices.first, ...choices.second]) {
        const reader = library.reader(id);
        if (reader) store.addReader(reader);
      }
      const { recordNo, at } = store.apply(command);
      return { no, recordNo, at };
    }),

    list: route.list.handler(async ({ input: { auditId } }) =>
      (await audits.get(auditId)).store.plans(),
    ),

    progress: route.progress.handler(async ({ input: { auditId } }) =>
      planProgress((await audits.get(auditId)).store),
    ),

    worklist: route.worklist.handler(async ({ input: { auditId, queue, readerId } }) =>
      worklistOf((await audits.get(auditId)).store, queue, readerId),
    ),

    // A rate of what one reader may see would be another rate: while something is hidden there is none.
    rates: route.rates.handler(async ({ input: { auditId }, context: { caller } }) => {
      const { store } = await audits.get(auditId);
      sights.mustSeeAll(store, caller);
      return ratesOf(store);
    }),
  };
}
