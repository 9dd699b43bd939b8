import { message } from "../../shared/messages/catalogue.ts";
import type { FoundLabel, Labelled } from "./labels.ts";
import { folderOf } from "./matching.ts";
import { isSplitName, splitOf } from "./splits.ts";

/**
 * Labels from folder names: the folder directly above the file. Nested deeper, the first level at which folders
 * differ; folders named like parts of a dataset (train, val, …) are the split and never a class.
 */
export function labelsFromFolders(paths: readonly string[]): Labelled {
  const folders = new Map<string, { names: readonly string[]; split: string | null }>();
  for (const path of paths) {
    const folder = folderOf(path);
    if (folders.has(folder)) continue;
    const names = folder === "" ? [] : folder.split("/");
    folders.set(folder, {
      names: names.filter((name) => !isSplitName(name)),
      split: splitOf(path),
    });
  }
  const withoutSplits = [...folders.values()].map(({ names }) => names);
  const level = firstDifference(withoutSplits);
  const classes = new Set(withoutSplits.map((names) => names[level] ?? ""));
  const isOneGenericFolder = classes.size === 1 && isGenericName([...classes][0] ?? "");
  let deeper = 0;
  const found = paths.map((path): FoundLabel => {
    const { names = [], split = null } = folders.get(folderOf(path)) ?? {};
    const label = isOneGenericFolder ? undefined : names[level];
    if (names.length > level + 1) deeper++;
    return {
      labels: label === undefined ? [] : [label],
      split,
      group: null,
      facets: {},
      marks: [],
    };
  });
  const labelled = found.filter((label) => label.labels.length > 0).length;
  const notes: string[] = [];
  if (labelled === 0) notes.push(message("intake.note.folders-none"));
  else {
    const n = new Set(found.flatMap((label) => label.labels)).size;
    notes.push(message("intake.note.folders", { n }));
    if (deeper > 0)
      notes.push(message("intake.note.folders-deeper", { n: deeper, level: level + 1 }));
    if (labelled < paths.length) {
      notes.push(message("intake.note.folders-outside", { n: paths.length - labelled }));
    }
  }
  const splits = new Set(found.flatMap((label) => label.split ?? []));
  if (splits.size > 0) {
    notes.push(message("intake.note.folders-split", { names: [...splits].sort().join(", ") }));
  }
  return {
    found,
    classes: null,
    columns: [],
    unmatchedRows: [],
    unmatchedFiles:
      labelled === 0 ? [] : found.flatMap((label, no) => (label.labels.length ? [] : [no])),
    notes,
  };
}

const genericNames = new Set(
  "images image imgs img jpegimages pictures photos data files".split(" "),
);

/** Whether a folder's name only says that pictures lie in it. */
function isGenericName(name: string): boolean {
  return genericNames.has(name.toLowerCase());
}

/** The first level at which the images' folders differ; the deepest where they never do. */
function firstDifference(folders: readonly (readonly string[])[]): number {
  const deepest = folders.reduce((most, names) => Math.max(most, names.length), 0);
  for (let level = 0; level < deepest; level++) {
    if (new Set(folders.map((names) => names[level])).size > 1) return level;
  }
  return Math.max(0, deepest - 1);
}
