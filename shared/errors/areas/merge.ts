import type { CatalogueEntry } from "../entry.ts";

/** Failures of joining two copies of an audit. */
export const merge = {
  "merge/other-audit": {
    status: 409,
    message: (d: { name: string; other: string }) =>
      `Cannot merge "${d.other}" into "${d.name}": they are two audits, not two copies of one`,
    safe: "Nothing was changed in either",
    hint: "Choose a copy of this audit",
  },
  "merge/no-common": {
    status: 409,
    message: (d: { name: string; other: string }) =>
      `Cannot merge "${d.other}" into "${d.name}": their records have no common beginning`,
    safe: "Nothing was changed in either",
    hint: "Choose a copy that was made from this audit",
  },
  "merge/broken": {
    status: 409,
    message: (d: { other: string; no: number }) =>
      `Cannot merge "${d.other}": entry ${d.no} of its record is not what it was when it was made`,
    safe: "Nothing was changed in either",
    hint: "Verify the other copy; merge an older copy of it that is whole",
  },
  "merge/changed": {
    status: 409,
    message: (d: { other: string }) =>
      `Cannot merge "${d.other}": somebody went on working in it since you looked`,
    safe: "Nothing was changed in either",
    hint: "Look again at what comes in, then merge",
  },
} satisfies Record<string, CatalogueEntry>;
