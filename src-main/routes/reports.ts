import { implement } from "@orpc/server";
import { reports as contract } from "../../shared/contract/reports.ts";
import { changedModels } from "../jobs/changed-models.ts";
import { verifyAudit } from "../jobs/verify-audit.ts";
import { knownKeys } from "../jobs/verify-folder.ts";
import type { Deps } from "./deps.ts";
import type { CallContext } from "./sessions.ts";

/** Building and checking reports. */
export function reportRoutes({
  audits,
  keys,
  library,
  reportBuilder,
  sights,
}: Pick<Deps, "audits" | "keys" | "library" | "reportBuilder" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  return {
    outline: route.outline.handler(async ({ input, context: { caller } }) => {
      const audit = await audits.get(input.auditId);
      sights.mustSeeAll(audit.store, caller);
      return reportBuilder.outline(audit, await changedModels(audit.store));
    }),
    build: route.build.handler(async ({ input: { auditId, ...request } }) => ({
      jobId: reportBuilder.start(await audits.get(auditId), request).id,
    })),
    verify: route.verify.handler(async function* ({ input }) {
      yield* verifyAudit(await audits.get(input.auditId), await knownKeys(keys, library));
    }),
  };
}
