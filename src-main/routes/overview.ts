import { implement } from "@orpc/server";
import { overview as contract } from "../../shared/contract/overview.ts";
import { overviewOf } from "../jobs/overview.ts";
import type { Deps } from "./deps.ts";
import type { CallContext } from "./sessions.ts";

/** The home of an audit, as the caller may see it. */
export function overviewRoutes({ audits, sights }: Pick<Deps, "audits" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  return {
    get: route.get.handler(async ({ input: { auditId, run }, context: { caller } }) =>
      overviewOf(sights.of((await audits.get(auditId)).store, caller), run),
    ),
  };
}
