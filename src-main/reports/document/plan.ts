import type { ReportData } from "../report-data.ts";

/** Whether the plan in force, or without one the random sample, is not read to its end. */
export function isPlanOpen({ rates, audit }: Pick<ReportData, "rates" | "audit">): boolean {
  if (rates.queue === null) return false;
  if (rates.read < rates.size) return true;
  return audit.queues.some(
    ({ rule, plan, isReplaced, read, items }) =>
      plan === rates.plan && rule.kind === "second" && !isReplaced && read < items.length,
  );
}
