import type { Run } from "../../../shared/contract/audits.ts";
import type { ReportItem } from "../report-data.ts";
import type { Table } from "./table.ts";

/** What the run's model answered, one row per item it was shown. `top5` is JSON: pairs of class and probability. */
export function predictionsTable(run: Run): Table<ReportItem> {
  return {
    columns: ["item_id", "model_id", "class_pred", "confidence", "correct", "top5", "score_true"],
    cells: (item) => [
      item.no,
      run.modelId,
      item.predicted,
      item.confidence,
      item.correct,
      JSON.stringify(
        item.top5.map(({ name, probability }) => [name, Number(probability.toFixed(6))]),
      ),
      item.scoreTrue,
    ],
  };
}
