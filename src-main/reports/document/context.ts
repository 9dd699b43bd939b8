import type { ItemNo } from "../../../shared/domain/ids.ts";
import type { Content } from "../content.ts";
import type { ReportData, ReportItem } from "../report-data.ts";
import { figuresOf, type Figures } from "./figures.ts";
import { itemNames } from "./names.ts";

/** What is wrong with the printed document itself, said in it. */
export type DocumentFault = "missing-glyphs";

/** What every section is written from. */
export interface DocumentContext {
  readonly data: ReportData;
  readonly content: Content;
  readonly faults: readonly DocumentFault[];
  readonly figures: Figures;
  readonly nameOf: (no: ItemNo) => string;
  readonly itemOf: (no: ItemNo) => ReportItem | undefined;
}

export function contextOf(
  data: ReportData,
  content: Content,
  faults: readonly DocumentFault[] = [],
): DocumentContext {
  const byNo = new Map(data.items.map((item) => [item.no, item]));
  return {
    data,
    content,
    faults,
    figures: figuresOf(data),
    nameOf: itemNames(data.items),
    itemOf: (no) => byNo.get(no),
  };
}
