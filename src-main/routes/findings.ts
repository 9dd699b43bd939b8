import { implement } from "@orpc/server";
import { findings as contract } from "../../shared/contract/findings.ts";
import type { AuditId, TestId } from "../../shared/domain/ids.ts";
import { findingNumbers, runOfFindings } from "../jobs/finding-numbers.ts";
import type { Deps } from "./deps.ts";
import type { CallContext, Caller } from "./sessions.ts";

/** Findings as the caller may see them. */
export function findingRoutes({ audits, sights }: Pick<Deps, "audits" | "sights">) {
  const route = implement(contract).$context<CallContext>();
  const seen = async (auditId: AuditId, caller: Caller) =>
    sights.of((await audits.get(auditId)).store, caller);
  return {
    list: route.list.handler(async ({ input: { auditId }, context: { caller } }) => {
      const store = await seen(auditId, caller);
      return store.findings().map((finding) => {
        const { id, title, severity, state, shortcut, classes, items, tests } = finding;
        return {
          ...{ id, title, severity, state, shortcut },
          classes: [...classes],
          items: items.length,
          tests: tests.length,
          noLongerSpurious: store.noLongerSpurious(id).length,
        };
      });
    }),

    get: route.get.handler(async ({ input, context: { caller } }) => {
      const store = await seen(input.auditId, caller);
      const finding = store.finding(input.finding);
      const [numbers] = findingNumbers(store, [finding], input.run ?? runOfFindings(store));
      const tests = finding.tests.flatMap((id) => store.regionTest(id as TestId) ?? []); // an unknown id is none
      return { finding, numbers, tests };
    }),

    of: route.of.handler(async ({ input: { auditId, item }, context: { caller } }) =>
      (await seen(auditId, caller)).findingsOf(item),
    ),
  };
}
