import type { MergedCounts } from "../domain/merged.ts";
import { message, type MessageKey } from "./catalogue.ts";
import { en } from "./en.ts";

/** What comes in, a sentence a line. */
export function comesIn({ entered, actions, readers, runs, models }: MergedCounts): string[] {
  return [
    message("merge.entries", { n: entered }),
    ...actions.map(({ action, n }) => {
      const key = `record.action.${action}`;
      return message("merge.count", { words: key in en ? message(key as MessageKey) : action, n }); // just looked up
    }),
    ...(readers.length > 0 ? [message("merge.readers", { names: readers.join(", ") })] : []),
    ...(runs > 0 ? [message("merge.runs", { n: runs })] : []),
    ...(models.length > 0 ? [message("merge.models", { names: models.join(", ") })] : []),
  ];
}

/** What does not, and why. */
export function isSkipped({ known, kept, plans, unmatched }: MergedCounts): string[] {
  const counts: [MessageKey, number][] = [
    ["merge.known", known],
    ["merge.kept", kept],
    ["merge.plans", plans],
    ["merge.unmatched", unmatched],
  ];
  return counts.filter(([, n]) => n > 0).map(([key, n]) => message(key, { n }));
}

/** One line for each conflict that is named. */
export function conflictWords({ conflictList }: Pick<MergedCounts, "conflictList">): string[] {
  return conflictList.map(({ kind: word, path, reader }) => {
    const key = `merge.kind.${word}`;
    const kind = message(key in en ? (key as MessageKey) : "merge.kind.other"); // just looked up
    return path === null
      ? message("merge.conflict.other", { kind })
      : message("merge.conflict", { path, kind, reader: reader ?? "" });
  });
}

/** A merge in lines, for the command line. */
export function mergeWords(merged: MergedCounts): string[] {
  const skipped = isSkipped(merged);
  const indent = (line: string) => `  ${line}`;
  if (merged.entered === 0) return [message("merge.nothing"), ...skipped.map(indent)];
  return [
    message("merge.comesIn"),
    ...comesIn(merged).map(indent),
    ...(skipped.length > 0 ? [message("merge.skipped"), ...skipped.map(indent)] : []),
    ...merged.unmatchedPaths.map((path) => `    ${path}`),
    ...(merged.conflicts > 0
      ? [message("merge.conflicts", { n: merged.conflicts }), ...conflictWords(merged).map(indent)]
      : []),
    ...(merged.revision === null ? [] : [message("merge.revision", { no: merged.revision })]),
  ];
}
