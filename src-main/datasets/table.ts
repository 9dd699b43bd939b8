import { parse } from "csv-parse";
import { once } from "node:events";
import { readText, UnreadableText, type Encoding } from "./text.ts";

/** Delimited text as rows of trimmed cells; the first row is not yet known to be a header. */
export interface Table {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly rows: readonly (readonly string[])[];
}

const delimiters = [",", "\t", ";", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

/** Reads CSV, TSV and their kin: delimiter, quoting and encoding are found from the content. */
export async function readTable(path: string, signal?: AbortSignal): Promise<Table> {
  const { encoding, pieces } = await readText(path, signal);
  const delimiter = detectDelimiter(pieces[0] ?? "");
  const parser = parse({
    delimiter,
    bom: true,
    trim: true,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    maxRecordSize: 2 ** 20,
  });
  const feed = async () => {
    for (const piece of pieces) {
      signal?.throwIfAborted();
      if (!parser.write(piece)) await once(parser, "drain");
    }
    parser.end();
  };
  const rows: string[][] = [];
  try {
    const collect = async () => {
      for await (const row of parser) rows.push(row as string[]); // sound: no columns, no casts
    };
    await Promise.all([collect(), feed()]);
  } catch (cause) {
    signal?.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadableText(`it is not a table (${why})`, { cause });
  } finally {
    parser.destroy();
  }
  return { encoding, delimiter, rows };
}

/** The delimiter that cuts most of the first lines into the same number of cells, more cells winning. */
export function detectDelimiter(text: string): Delimiter {
  const lines = text
    .split(/\r\n|\r|\n/, 30)
    .slice(0, 29)
    .filter((line) => line.trim() !== "");
  const score = (delimiter: Delimiter) => {
    const widths = lines.map((line) => cellsOf(line, delimiter));
    const [first = 1] = widths;
    return first < 2 ? 0 : widths.filter((width) => width === first).length * 100 + first;
  };
  return delimiters.toSorted((a, b) => score(b) - score(a))[0] ?? ",";
}

function cellsOf(line: string, delimiter: string): number {
  let cells = 1;
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === delimiter && !isQuoted) cells++;
  }
  return cells;
}
