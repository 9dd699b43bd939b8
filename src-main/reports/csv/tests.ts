import type { Audit } from "../../../shared/contract/audits.ts";
import { testFacts, type RegionTest } from "../../../shared/domain/region-test.ts";
import type { Table } from "./table.ts";

/** Every region test that stands. `rank` is empty where fewer places were free than planned. */
export function testsTable({ models, runs }: Pick<Audit, "models" | "runs">): Table<RegionTest> {
  const classesOf = new Map(
    runs.map(({ id, modelId }) => [id, models.find((one) => one.id === modelId)?.classNames ?? []]),
  );
  return {
    columns: [
      "test_id",
      "item_id",
      "region_id",
      "fill",
      "score_before",
      "score_after",
      "drop",
      "control_n",
      "control_mean",
      "control_sd",
      "rank",
      "class_after",
    ],
    cells: ({ id, item, region, run, fill, result }) => {
      const facts = testFacts(result);
      return [
        id,
        item,
        region,
        fill,
        result.scoreBefore,
        result.scoreAfter,
        sixDecimals(facts.drop),
        result.controls.length,
        facts.controlMean === null ? null : sixDecimals(facts.controlMean),
        facts.controlSd === null ? null : sixDecimals(facts.controlSd),
        facts.rank,
        classesOf.get(run)?.[result.classAfter] ?? result.classAfter,
      ];
    },
  };
}

/** As the scores are kept. */
function sixDecimals(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
