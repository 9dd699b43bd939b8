import type { Run } from "../../../shared/contract/audits.ts";
import { metricIds, type MetricId } from "../../../shared/domain/metrics.ts";
import type { ReportItem } from "../report-data.ts";
import type { Cell, Table } from "./table.ts";

/**
 * The measures of every map of a run. What could not be computed is "n/a:" and its cause, never 0. `flags` are
 * parted by semicolons: what must be said of the map, or why there is none.
 */
export function metricsTable(run: Run): Table<ReportItem> {
  return {
    columns: [
      "item_id",
      "run_id",
      "map_w",
      "map_h",
      "target_class",
      ...metricIds,
      "suspicion",
      "flags",
    ],
    cells: (item) => [
      item.no,
      run.id,
      item.map?.width,
      item.map?.height,
      item.map?.target,
      ...metricIds.map((id) => measure(item, id)),
      measure(item, "suspicion"),
      item.flags.join(";"),
    ],
  };
}

function measure({ measures }: ReportItem, id: MetricId | "suspicion"): Cell {
  const value = measures[id];
  return typeof value === "string" ? `n/a:${value}` : value;
}
