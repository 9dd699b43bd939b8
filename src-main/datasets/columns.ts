import { fail } from "../../shared/errors/app-error.ts";
import type { FileIndex } from "./matching.ts";

export const columnUses = [
  "file",
  "label",
  "split",
  "group",
  "evidence",
  "width",
  "height",
  "xmin",
  "ymin",
  "xmax",
  "ymax",
  "box-width",
  "box-height",
  "class-flag",
  "facet",
] as const;
/** What a column of a table was taken for; `class-flag` is a column of 0 and 1 named after a class. */
export type ColumnUse = (typeof columnUses)[number];

/** Columns as a person overruled them: use → name of the column. */
export type ColumnChoice = Readonly<Partial<Record<ColumnUse, string>>>;

const names: Readonly<Partial<Record<ColumnUse, string>>> = {
  file: "file filename image imagename imagefile imagepath filepath path relativepath img imgname imageindex imageid imgid name id uri dicom sopinstanceuid",
  label:
    "label labels class classname classes category target labelname diagnosis dx y findinglabels groundtruth annotation tag",
  split: "split subset set partition phase fold usage",
  group:
    "patient patientid patientno subject subjectid group groupid case caseid person individual study studyid",
  evidence: "evidence mask maskpath maskfile segmentation segmentationpath evidencepath",
  width: "width imagewidth imgwidth",
  height: "height imageheight imgheight",
  xmin: "xmin x1 left bboxx boxx x",
  ymin: "ymin y1 top bboxy boxy y",
  xmax: "xmax x2 right",
  ymax: "ymax y2 bottom",
  "box-width": "bboxw bboxwidth boxw boxwidth w",
  "box-height": "bboxh bboxheight boxh boxheight h",
};
const uses = new Map(
  Object.entries(names).map(([use, words]) => [
    use as ColumnUse, // sound: keys of `names`
    words.split(" "),
  ]),
);

/** A header name as the table of names knows it: letters and digits only. */
const bare = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

export interface ColumnMap {
  readonly columns: readonly { readonly name: string; readonly use: ColumnUse }[];
  /** Whether the first row is a header. */
  readonly hasHeader: boolean;
  at(use: ColumnUse): number | null;
}

const sampleRows = 200;
const sampleColumns = 100;

/**
 * Tells what each column is, by content where content can say it (files are the column whose cells name most of the
 * listed images) and by name elsewhere. Two columns that fit equally well are an error that lists them.
 */
export function mapColumns(
  rows: readonly (readonly string[])[],
  index: FileIndex,
  {
    file,
    needs,
    choice = {},
  }: { file: string; needs: "label" | "evidence"; choice?: ColumnChoice },
): ColumnMap {
  const width = Math.max(0, ...rows.slice(0, sampleRows).map((row) => row.length));
  const first = rows[0] ?? [];
  const sampled = spread(rows.slice(1), sampleRows);
  const hits = Array.from({ length: Math.min(width, sampleColumns) }, (_, at) =>
    countHits(sampled, index, at),
  );
  const hasHeader = !first.some((cell) => cell !== "" && index.find(cell).kind === "one");
  const header = Array.from({ length: width }, (_, at) =>
    hasHeader ? first[at] || `column ${at + 1}` : `column ${at + 1}`,
  );
  const body = hasHeader ? rows.slice(1) : rows;
  const taken = new Map<number, ColumnUse>();
  const chosen = (use: ColumnUse): number | null => {
    const name = choice[use];
    if (name === undefined) return null;
    const at = header.indexOf(name);
    if (at < 0) fail("labels/no-column", { file, what: use, columns: header.join(", ") });
    return at;
  };
  const named = (use: ColumnUse): number | null => {
    for (const word of uses.get(use) ?? []) {
      const at = header.findIndex((name, no) => bare(name) === word && !taken.has(no));
      if (at >= 0) return at;
    }
    return null;
  };
  const take = (use: ColumnUse, at: number | null) => {
    if (at !== null) taken.set(at, use);
    return at;
  };

  for (const use of columnUses) take(use, chosen(use));
  if (!has(taken, "file")) {
    const most = Math.max(0, ...hits);
    const equal = hits.flatMap((count, at) => (count === most && !taken.has(at) ? [at] : []));
    const unclaimed = equal.filter((at) => !isNamedOtherwise(header[at] ?? ""));
    const best = unclaimed.length > 0 ? unclaimed : equal;
    const byName = named("file");
    const [only = null] = best;
    const isNamed = byName !== null && (most === 0 || best.includes(byName));
    if (!isNamed && most > 0 && best.length > 1) {
      const columns = best.map((at) => header[at]).join(", ");
      fail("labels/ambiguous-column", { file, what: "file", columns });
    }
    const at = isNamed ? byName : most > 0 ? only : null;
    if (at === null) fail("labels/no-column", { file, what: "file", columns: header.join(", ") });
    take("file", at);
  }
  takeBoxes(taken, named);
  for (const use of ["label", "split", "group", "evidence"] as const) {
    const at = has(taken, use) ? null : named(use);
    // A column "person" of 0 and 1 is a class, not a patient.
    if (at !== null && !(use === "group" && isFlag(sampled, at))) take(use, at);
  }
  // Where no row names an image, that is the error to show, not what the other columns are.
  const doesMatch = hits.some((count) => count > 0);
  if (needs === "label" && doesMatch && !has(taken, "label")) {
    takeLabels(file, header, body, taken);
  }
  if (needs === "evidence" && doesMatch && !has(taken, "evidence") && !has(taken, "xmin")) {
    const rest = header.flatMap((_, at) => (taken.has(at) ? [] : [at]));
    const [only] = rest;
    if (rest.length !== 1 || only === undefined)
      fail("labels/no-column", { file, what: "evidence", columns: header.join(", ") });
    take("evidence", only);
  }

  const columns = header.map((name, at) => ({ name, use: taken.get(at) ?? ("facet" as const) }));
  return {
    columns,
    hasHeader,
    at(use) {
      const found = columns.findIndex((column) => column.use === use);
      return found < 0 ? null : found;
    },
  };
}

function has(taken: ReadonlyMap<number, ColumnUse>, use: ColumnUse): boolean {
  return [...taken.values()].includes(use);
}

/** At most `count` rows, evenly spread. */
function spread<Row>(rows: readonly Row[], count: number): readonly Row[] {
  if (rows.length <= count) return rows;
  return Array.from(
    { length: count },
    (_, no) => rows[Math.floor((no * rows.length) / count)] as Row,
  ); // sound: < length
}

/** Whether a column holds nothing but 0 and 1. */
function isFlag(rows: readonly (readonly string[])[], at: number): boolean {
  const values = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "");
  return values.length > 0 && values.every((value) => /^[01](\.0+)?$/.test(value));
}

/** How many listed files a column's cells name: a label "1" may name 1.png, but never many files. */
function countHits(rows: readonly (readonly string[])[], index: FileIndex, at: number): number {
  const found = new Set<number>();
  for (const row of rows) {
    const match = row[at] ? index.find(row[at]) : null;
    if (match?.kind === "one") found.add(match.at);
  }
  return found.size;
}

/** Whether a header is a usual name of some use other than the file. */
function isNamedOtherwise(name: string): boolean {
  return [...uses].some(([use, words]) => use !== "file" && words.includes(bare(name)));
}

/** Four columns of a box: two corners, or a corner and a size. The image's own size counts only beside corners. */
function takeBoxes(taken: Map<number, ColumnUse>, named: (use: ColumnUse) => number | null) {
  const forms = [
    { uses: ["xmin", "ymin", "xmax", "ymax"], names: ["xmin", "ymin", "xmax", "ymax"] },
    {
      uses: ["xmin", "ymin", "box-width", "box-height"],
      names: ["xmin", "ymin", "box-width", "box-height"],
    },
    {
      uses: ["xmin", "ymin", "box-width", "box-height"],
      names: ["xmin", "ymin", "width", "height"],
    },
  ] as const;
  for (const { uses, names } of forms) {
    const found = names.map((name) => named(name)).filter((at) => at !== null);
    if (new Set(found).size < 4) continue;
    for (const [no, at] of found.entries()) taken.set(at, uses[no] ?? "facet");
    for (const use of ["width", "height"] as const) {
      const at = named(use);
      if (at !== null) taken.set(at, use);
    }
    return;
  }
}

/** Labels by content: one column of few repeated words, or several columns of 0 and 1 named after the classes. */
function takeLabels(
  file: string,
  header: readonly string[],
  body: readonly (readonly string[])[],
  taken: Map<number, ColumnUse>,
): void {
  const rest = header.flatMap((_, at) => (taken.has(at) ? [] : [at]));
  const sample = body.slice(0, 5000);
  const valuesOf = (at: number) =>
    new Set(sample.map((row) => row[at] ?? "").filter((cell) => cell));
  const flags = rest.filter((at) => isFlag(sample, at));
  if (flags.length >= 2) {
    for (const at of flags) taken.set(at, "class-flag");
    return;
  }
  const words = rest.filter((at) => {
    const values = [...valuesOf(at)];
    const few = Math.max(20, sample.length / 4);
    return values.length > 0 && values.length <= few && !values.every((value) => isDecimal(value));
  });
  const candidates = words.length > 0 ? words : rest;
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) {
    taken.set(only, "label");
    return;
  }
  const columns = candidates.map((at) => header[at]).join(", ");
  if (candidates.length > 1) fail("labels/ambiguous-column", { file, what: "label", columns });
  fail("labels/no-column", { file, what: "label", columns: header.join(", ") });
}

const isDecimal = (value: string) => /^-?\d*[.,]\d+(e-?\d+)?$/i.test(value);
