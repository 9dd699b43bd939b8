import { implement } from "@orpc/server";
import { tests as contract } from "../../shared/contract/tests.ts";
import { runRegionTest } from "../jobs/region-test.ts";
import type { Deps } from "./deps.ts";
import { readerOf } from "./rights.ts";
import type { CallContext } from "./sessions.ts";

/** Region tests: having them made, and reading them. */
export function testRoutes({
  audits,
  engines,
  library,
  sights,
}: Pick<Deps, "audits" | "engines" | "library" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  return {
    run: route.run.handler(async ({ input: { auditId, ...wish }, context: { caller } }) => {
      const audit = await audits.get(auditId);
      const reader = readerOf(library, caller);
      audit.store.mustBeWritable();
      if (reader) audit.store.addReader(reader);
      return runRegionTest(audit, engines.maps, reader?.id ?? null, wish);
    }),
    list: route.list.handler(async ({ input: { auditId, item }, context: { caller } }) => [
      ...sights.of((await audits.get(auditId)).store, caller).regionTests(item),
    ]),
  };
}
