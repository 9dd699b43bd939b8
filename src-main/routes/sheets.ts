import { implement } from "@orpc/server";
import { sheets as contract } from "../../shared/contract/sheets.ts";
import { startSheet } from "../jobs/reliability-sheet.ts";
import type { Deps } from "./deps.ts";

/** Reliability sheets: reading them, and having them made. */
export function sheetRoutes({ audits, engines }: Pick<Deps, "audits" | "engines">) {
  const route = implement(contract);
  return {
    get: route.get.handler(async ({ input: { auditId, run } }) => {
      const { store } = await audits.get(auditId);
      return store.sheet(run);
    }),
    make: route.make.handler(async ({ input: { auditId, ...wish } }) => {
      const { job, existing } = startSheet(await audits.get(auditId), engines.maps, wish);
      return { jobId: job?.id ?? null, existing };
    }),
  };
}
