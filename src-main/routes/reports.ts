import { implement } from "@orpc/server";
import { reports as contract } from "../../shared/contract/reports.ts";
import { verifyAudit } from "../jobs/verify-audit.ts";
import type { Deps } from "./deps.ts";

/** Building and checking reports. */
export function reportRoutes({ audits, reportBuilder }: Pick<Deps, "audits" | "reportBuilder">) {
  const route = implement(contract);
  return {
    outline: route.outline.handler(async ({ input }) =>
      reportBuilder.outline(await audits.get(input.auditId)),
    ),
    build: route.build.handler(async ({ input: { auditId, ...request } }) => ({
      jobId: reportBuilder.start(await audits.get(auditId), request).id,
    })),
    verify: route.verify.handler(async function* ({ input }) {
      yield* verifyAudit(await audits.get(input.auditId));
    }),
  };
}
