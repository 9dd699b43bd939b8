import type { Reader } from "../../../shared/contract/library.ts";
import type { ReportData } from "../report-data.ts";
import type { Table } from "./table.ts";

/** Every region that stands. Sizes are image fractions; `points` of a polygon is JSON, one list per ring. */
export function regionsTable(readers: readonly Reader[]): Table<ReportData["regions"][number]> {
  const names = new Map(readers.map(({ id, name }) => [id, name]));
  return {
    columns: [
      "region_id",
      "item_id",
      "frame",
      "kind",
      "shape",
      "x",
      "y",
      "w",
      "h",
      "points",
      "area_share",
      "reviewer",
      "made_at",
      "record_no",
    ],
    cells: ({ id, item, kind, shape, areaShare, readerId, at, recordNo }) => {
      const box = shape.kind === "polygon" ? null : shape;
      return [
        id,
        item,
        0,
        kind,
        shape.kind,
        box?.x,
        box?.y,
        box?.w,
        box?.h,
        shape.kind === "polygon" ? JSON.stringify(shape.rings) : null,
        areaShare,
        names.get(readerId) ?? readerId,
        at,
        recordNo,
      ];
    },
  };
}
