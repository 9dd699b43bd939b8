import type { FindingId, ItemNo } from "../../../shared/domain/ids.ts";
import type { Reason, Region, Verdict } from "../../../shared/domain/review.ts";
import type { ReportFile } from "../report-data.ts";

/** One picture with what people said of it and drew on it. */
export interface AnnotatedItem {
  readonly no: ItemNo;
  /** As it stands in the export: the file's name, or the item's number where names are not kept. */
  readonly name: string;
  /** Of the picture as it is shown; null: it was never read. */
  readonly width: number | null;
  readonly height: number | null;
  readonly label: string | null;
  readonly verdict: Verdict | null;
  readonly reasons: readonly Reason[];
  readonly findings: readonly FindingId[];
  readonly regions: readonly Pick<Region, "id" | "kind" | "shape">[];
}

/** The files of one format and, in words, what it cannot hold of these items. */
export interface Exported {
  readonly files: ReportFile[];
  readonly losses: string[];
}

/** A picture whose size is known, with its regions: only there can pixels be written. */
export type SizedItem = AnnotatedItem & { readonly width: number; readonly height: number };

/** Items that can be written in pixels; the others' regions are a loss. */
export function sizedItems(items: readonly AnnotatedItem[]): {
  readonly sized: SizedItem[];
  readonly regionsLeftOut: number;
} {
  const sized: SizedItem[] = [];
  let regionsLeftOut = 0;
  for (const item of items) {
    const { width, height } = item;
    if (width && height) sized.push({ ...item, width, height });
    else regionsLeftOut += item.regions.length;
  }
  return { sized, regionsLeftOut };
}

/** Plain text as a file of the export. */
export function textFile(name: string, text: string): ReportFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
