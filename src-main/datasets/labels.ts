import { basename } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Annotations, Marks } from "./annotations.ts";
import type { ColumnChoice } from "./columns.ts";
import type { DatasetColumn, UnmatchedRow } from "./dataset.ts";
import type { FileIndex } from "./matching.ts";
import type { Source } from "./reader.ts";
import { readSource } from "./source.ts";
import { splitOf } from "./splits.ts";

/** What the labels say of one image. */
export interface FoundLabel {
  readonly labels: readonly string[];
  readonly split: string | null;
  readonly group: string | null;
  readonly facets: Readonly<Record<string, string>>;
  readonly marks: readonly Marks[];
}

/** Labels laid on the listing: one entry per image, null where no row names it. */
export interface Labelled {
  readonly found: readonly (FoundLabel | null)[];
  readonly classes: readonly string[] | null;
  readonly columns: readonly DatasetColumn[];
  readonly unmatchedRows: readonly UnmatchedRow[];
  /** Item numbers. */
  readonly unmatchedFiles: readonly number[];
  readonly notes: readonly string[];
}

export interface LabelSources {
  readonly source: Source;
  readonly index: FileIndex;
  readonly paths: readonly string[];
  readonly columns?: ColumnChoice | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads a label file or folder and lays its rows on the listed images. */
export async function readLabels(sources: LabelSources): Promise<Labelled> {
  const { source, index, paths, columns, signal } = sources;
  const read = await readSource(source, {
    index,
    imagePaths: paths,
    needs: "label",
    choice: columns ?? {},
    signal,
  });
  const laid = await layRows(read, index, paths.length, "labels", signal);
  const matched = paths.length - laid.unmatchedFiles.length;
  if (matched === 0) {
    const row = read.rows.find((found) => found.file !== "")?.file ?? "";
    const details = { rows: read.rows.length, files: paths.length, row, image: paths[0] ?? "" };
    fail("labels/no-match", { file: source.shownPath, ...details });
  }
  const notes = [
    message("intake.note.labels", { format: read.format, file: basename(source.path) }),
    ...read.notes,
    message("intake.note.matched", { matched, total: paths.length }),
  ];
  if (laid.unmatchedRows.length > 0) {
    notes.push(message("intake.note.unmatched-rows", { n: laid.unmatchedRows.length }));
  }
  if (laid.unmatchedFiles.length > 0) {
    notes.push(message("intake.note.unmatched-files", { n: laid.unmatchedFiles.length }));
  }
  const several = laid.found.filter((label) => (label?.labels.length ?? 0) > 1).length;
  if (several > 0) notes.push(message("intake.note.multi-label", { n: several }));
  return {
    ...laid,
    found: laid.found.map(
      (label, no) => label && { ...label, split: label.split ?? splitOf(paths[no] ?? "") },
    ),
    classes: read.classes && read.classes.length > 0 ? read.classes : null,
    columns: read.columns,
    notes,
  };
}

/** Matches rows with images and joins the rows of one image. */
export async function layRows(
  read: Annotations,
  index: FileIndex,
  count: number,
  source: UnmatchedRow["source"],
  signal?: AbortSignal,
) {
  const found = new Array<FoundLabel | null>(count).fill(null);
  const unmatchedRows: UnmatchedRow[] = [];
  for (const [at, row] of read.rows.entries()) {
    if (at % 20_000 === 19_999) await breathe(undefined, { signal });
    const match = index.find(row.file);
    if (match.kind === "none") {
      unmatchedRows.push({ source, row: row.row, file: row.file, why: match.why });
      continue;
    }
    const before = found[match.at] ?? null;
    found[match.at] = {
      labels: [...new Set([...(before?.labels ?? []), ...row.labels])],
      split: before?.split ?? row.split,
      group: before?.group ?? row.group,
      facets: { ...row.facets, ...before?.facets },
      marks: row.marks ? [...(before?.marks ?? []), row.marks] : (before?.marks ?? []),
    };
  }
  const unmatchedFiles = found.flatMap((label, no) => (label ? [] : [no]));
  return { found, unmatchedRows, unmatchedFiles };
}
