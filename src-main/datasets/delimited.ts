import { setImmediate as breathe } from "node:timers/promises";
import { message } from "../../shared/messages/catalogue.ts";
import type { AnnotationRow, Annotations, Marks } from "./annotations.ts";
import { mapColumns, type ColumnMap } from "./columns.ts";
import { UnreadableText } from "./text.ts";
import { readTable, type Delimiter } from "./table.ts";
import { defineReader } from "./reader.ts";

const delimiterNames: Readonly<Record<Delimiter, string>> = {
  ",": "comma",
  "\t": "tab",
  ";": "semicolon",
  "|": "bar",
};

/** CSV, TSV and other delimited text: one row per image, or one per box. */
export const delimitedReader = defineReader({
  id: "delimited",
  label: "CSV",
  recognises: ({ kind, extension }) =>
    kind === "file" && [".csv", ".tsv", ".txt", ".tab"].includes(extension),
  async read({ path, shownPath }, { index, needs, choice, signal }): Promise<Annotations> {
    const table = await readTable(path, signal);
    if (table.rows.length === 0) throw new UnreadableText("it is empty");
    const map = mapColumns(table.rows, index, { file: shownPath, needs, choice });
    const body = map.hasHeader ? table.rows.slice(1) : table.rows;
    const rows: AnnotationRow[] = [];
    for (const [at, cells] of body.entries()) {
      rows.push(toRow(cells, map, at + (map.hasHeader ? 2 : 1)));
      if (at % 10_000 === 9999) await breathe(undefined, { signal });
    }
    const delimiter = delimiterNames[table.delimiter];
    return {
      format: table.delimiter === "\t" ? "TSV" : "CSV",
      rows,
      classes: map.columns.flatMap(({ name, use }) => (use === "class-flag" ? [name] : [])),
      columns: map.columns,
      notes: [
        message("intake.note.table", { encoding: table.encoding.toUpperCase(), delimiter }),
        ...(map.hasHeader ? [] : [message("intake.note.no-header")]),
      ],
    };
  },
});

function toRow(cells: readonly string[], map: ColumnMap, row: number): AnnotationRow {
  const cell = (use: Parameters<ColumnMap["at"]>[0]) => {
    const at = map.at(use);
    return at === null ? "" : (cells[at] ?? "");
  };
  const flags = map.columns.flatMap(({ name, use }, at) =>
    use === "class-flag" && Number(cells[at]) === 1 ? [name] : [],
  );
  const facets = map.columns.flatMap(({ name, use }, at) =>
    use === "facet" && cells[at] ? [[name, cells[at]] as const] : [],
  );
  const labels = cell("label")
    .split("|")
    .map((label) => label.trim());
  return {
    row,
    file: cell("file"),
    labels: [...labels.filter((label) => label !== ""), ...flags],
    split: cell("split") || null,
    group: cell("group") || null,
    facets: Object.fromEntries(facets),
    marks: marksOf(cell),
  };
}

function marksOf(cell: (use: Parameters<ColumnMap["at"]>[0]) => string): Marks | null {
  const path = cell("evidence");
  if (path) return { kind: "mask", path };
  const [x, y, right, bottom, w, h] = (
    ["xmin", "ymin", "xmax", "ymax", "box-width", "box-height"] as const
  ).map((use) => readNumber(cell(use)));
  if (x === undefined || y === undefined) return null;
  const width = w ?? (right ?? NaN) - x;
  const height = h ?? (bottom ?? NaN) - y;
  if (!(width > 0 && height > 0)) return null;
  const stated = { width: readNumber(cell("width")) ?? 0, height: readNumber(cell("height")) ?? 0 };
  const isFraction = x + width <= 1.001 && y + height <= 1.001;
  return {
    kind: "drawn",
    statedPx: stated.width > 0 && stated.height > 0 ? stated : null,
    unit: isFraction ? "fraction" : "px",
    marks: [{ label: cell("label") || null, drawn: { kind: "rect", x, y, w: width, h: height } }],
  };
}

/** A number with either decimal sign; undefined where the cell holds none. */
function readNumber(text: string): number | undefined {
  const value = Number(text.replace(",", "."));
  return text !== "" && Number.isFinite(value) ? value : undefined;
}
