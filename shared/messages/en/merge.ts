import type { Message } from "../catalogue.ts";

/** English: joining two copies of an audit that were worked on apart. */
export const merge = {
  "merge.action": "Merge a copy…",
  "merge.title": "Merge into {name}",
  "merge.place": "Choose the other copy",
  "merge.looking": "Reading the other copy…",
  "merge.promise":
    "Both readings are kept; nothing is overwritten. The other copy is only read. A copy of this audit is made before.",
  "merge.nothing": "Nothing to merge: everything in the other copy is here already.",
  "merge.comesIn": "Comes in",
  "merge.skipped": "Is skipped",
  "merge.conflicts": {
    one: "{n} conflict: two answers of one reader",
    other: "{n} conflicts: two answers of one reader",
  },
  "merge.entries": { one: "{n} entry of the record", other: "{n} entries of the record" },
  "merge.count": "{words}: {n}",
  "merge.readers": "People who join: {names}",
  "merge.runs": {
    one: "{n} run, with its maps: it stays a run of its own",
    other: "{n} runs, with their maps: they stay runs of their own",
  },
  "merge.models": "Another model or preparation: {names}. It joins no rate of this audit",
  "merge.known": {
    one: "{n} entry that is here already",
    other: "{n} entries that are here already",
  },
  "merge.kept": {
    one: "{n} entry is kept in the record only",
    other: "{n} entries are kept in the record only",
  },
  "merge.plans": {
    one: "{n} plan that would read otherwise: it takes no force here",
    other: "{n} plans that would read otherwise: they take no force here",
  },
  "merge.unmatched": {
    one: "{n} image that is not in this audit",
    other: "{n} images that are not in this audit",
  },
  "merge.conflict.hint": "The answer of this audit holds until its reader answers again.",
  "merge.conflict": "{path} · {kind} · {reader}",
  "merge.conflict.other": "{kind}",
  "merge.more": { one: "and {n} more", other: "and {n} more" },
  "merge.kind.verdict": "verdict",
  "merge.kind.certainty": "certainty",
  "merge.kind.comment": "comment",
  "merge.kind.fault": "data fault",
  "merge.kind.discuss": "discussion mark",
  "merge.kind.text": "text of the report",
  "merge.kind.other": "a value that both copies changed",
  "merge.revision": "Revision {no} opens; what is signed stays signed.",
  "merge.do": { one: "Merge {n} entry", other: "Merge {n} entries" },
  "merge.cancel": "Cancel",
  "merge.close": "Close",
  "merge.again": "Choose another copy",
  "merge.done": { one: "Merged: {n} entry came in", other: "Merged: {n} entries came in" },
  "merge.show": "Show the conflicts",
  "merge.queue": { one: "Merge conflicts ({n})", other: "Merge conflicts ({n})" },
  "merge.reopened": "Merged with a copy of {name}",
  "merge.cli.about":
    "Join what was done in another copy of the same audit; twice has no second effect",
  "merge.cli.dry": "only say what would come in",
} satisfies Record<string, Message>;
