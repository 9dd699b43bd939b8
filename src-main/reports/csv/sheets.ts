import type { SheetFigure, SheetStep } from "../../../shared/domain/sheet.ts";
import type { ReportData } from "../report-data.ts";
import type { Table } from "./table.ts";

/** One step of a sheet; null for a sheet without steps. */
interface SheetRow {
  readonly entry: ReportData["sheets"][number];
  readonly no: number;
  readonly step: SheetStep;
}

/** Reliability sheets step by step; the numbers of a whole sheet stand in each of its lines. */
export const sheetsTable: Table<SheetRow> = {
  columns: [
    "run_id",
    "sheet_id",
    "method",
    "layer",
    "verdict",
    "reasons",
    "images",
    "order",
    "smooth",
    "seed",
    "step",
    "random_layers",
    ...figureColumns("spearman"),
    "ssim",
    "hog",
    "complexity_rise",
    "undefined",
    ...figureColumns("random_logit"),
    "area",
    "step_zero_exact",
    "step_zero_compared",
    "made_at",
  ],
  cells: ({ entry: { run, sheet }, no, step }) => [
    run,
    sheet.id,
    sheet.method,
    sheet.tap,
    sheet.verdict,
    sheet.reasons.join(";"),
    sheet.images,
    sheet.order,
    sheet.isSmooth,
    sheet.seed,
    no,
    step.layers.length,
    ...figureCells(step.spearman),
    step.ssim.mean,
    step.hog.mean,
    step.complexityRise.mean,
    step.spearman.undefined,
    ...figureCells(sheet.randomLogit),
    sheet.area,
    sheet.stepZero.exact,
    sheet.stepZero.compared,
    sheet.madeAt,
  ],
};

/** The lines of all sheets. */
export function sheetRows(sheets: ReportData["sheets"]): SheetRow[] {
  return sheets.flatMap((entry) =>
    entry.sheet.steps.map((step, i) => ({ entry, no: i + 1, step })),
  );
}

function figureColumns(name: string): string[] {
  return [name, `${name}_low`, `${name}_high`];
}

function figureCells({ mean, low, high }: SheetFigure) {
  return [mean, low, high];
}
