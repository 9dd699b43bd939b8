import type { PlanPreview } from "../../shared/contract/plans.ts";
import { secondsPerReading, type PlanChoices } from "../../shared/domain/plan.ts";
import { operatingCharacteristic } from "../../shared/statistics/operating-characteristic.ts";
import { wilson } from "../../shared/statistics/proportion.ts";
import { expectedMargin } from "../../shared/statistics/sampling-plan.ts";
import { sizeForEstimate } from "../../shared/statistics/sample-size.ts";
import type { AuditReader } from "../store/audit-reader.ts";
import { drawPlan } from "./draw-plan.ts";
import { siteOf } from "./site-of.ts";

/** Half widths of the table (6.5). */
export const margins = [0.05, 0.03, 0.02] as const;
/** Rates that the expected interval is shown for. */
const supposed = [0.05, 0.12, 0.5] as const;

/** What a plan would be, without freezing it. */
export function previewPlan(store: AuditReader, choices: PlanChoices): PlanPreview {
  const drawn = drawPlan(store, choices);
  const { population, sampling, sample, second, suspects, acceptance } = drawn;
  const isStratified = sampling.strata.length > 1;
  const filter = choices.filter?.items.length ?? 0;
  const readings = sample.length + second.length + suspects.length + filter;
  return {
    no: store.plans().length + 1,
    population: population.length,
    size: sample.length,
    margins: margins.map((margin) => ({
      margin,
      size: sizeForEstimate({ rate: 0.5, halfWidth: margin, population: population.length }),
    })),
    expected: supposed.map((rate) => {
      if (!isStratified) return { rate, ...wilson({ k: rate * sample.length, n: sample.length }) };
      const half = expectedMargin(sampling.strata, rate);
      return { rate, low: Math.max(0, rate - half), high: Math.min(1, rate + half) };
    }),
    strata: sampling.strata.map(({ cells, members, drawn: n }) => ({
      cells: cells.map((cell) => [...cell]),
      size: members.length,
      drawn: n,
    })),
    units: new Set(population.map(({ group, no }) => group ?? no)).size,
    second: second.length,
    suspects: suspects.length,
    filter,
    readings,
    seconds: readings * secondsPerReading,
    acceptance: acceptance && {
      ...acceptance,
      curve: operatingCharacteristic(acceptance, {
        highest: Math.min(1, 2 * (choices.acceptance?.bad ?? 0.5)),
        points: 61,
        ...(acceptance.model === "hypergeometric" && { population: population.length }),
      }),
    },
    hasSites: siteOf(store).size > 0,
  };
}
