import type { Run } from "../../../shared/contract/audits.ts";
import { metricIds, type MetricId } from "../../../shared/domain/metrics.ts";
import type { ReportItem } from "../report-data.ts";
import type { Cell, Table } from "./table.ts";

/** The measures of every map of a run. What could not be computed is "n/a:" and its cause, never 0. */
export function metricsTable(run: Run): Table<ReportItem> {
  return {
    columns: ["item_id", "run_id", "map_w", "map_h", "target_class", ...metricIds, "suspicion"],
    cells: (item) => [
      item.no,
      run.id,
      item.map?.width,
      item.map?.height,
      item.map?.target,
      ...metricIds.map((id) => measure(item, id)),
      measure(item, "suspicion"),
    ],
  };
}

function measure({ measures }: ReportItem, id: MetricId | "suspicion"): Cell {
  const value = measures[id];
  return typeof value === "string" ? `n/a:${value}` : value;
}
