/** A cell: text is guarded against spreadsheets that would run it, numbers stay numbers; null is empty. */
export type Cell = string | number | boolean | null | undefined;

/** One CSV file: its columns in order, and how a row fills them. */
export interface Table<Row> {
  readonly columns: readonly string[];
  readonly cells: (row: Row) => readonly Cell[];
}

const encoder = new TextEncoder();

/** RFC 4180 with a header line, UTF-8, CRLF. */
export function csvOf<Row>({ columns, cells }: Table<Row>, rows: Iterable<Row>): Uint8Array {
  const lines = [columns.map(quoted).join(",")];
  for (const row of rows) lines.push(cells(row).map(textOf).join(","));
  return encoder.encode(`${lines.join("\r\n")}\r\n`);
}

function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? numberText(cell) : "";
  if (typeof cell === "boolean") return String(cell);
  return quoted(guarded(cell));
}

/** Seven digits are all a float32 holds; a point, never an exponent below 1e21. */
function numberText(value: number): string {
  const short = Number.isInteger(value) ? value : Number(value.toPrecision(7));
  const text = String(short);
  return text.includes("e-") ? short.toFixed(20).replace(/0+$/, "") : text;
}

/** A spreadsheet would read these as a formula. */
function guarded(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
