import type { CatalogueEntry } from "../entry.ts";

/** Failures of reports and exports. */
export const reports = {
  "report/failed": {
    status: 500,
    message: (d: { why: string }) => `Cannot write the report: ${d.why}`,
    safe: "Nothing in the audit changed",
    hint: "Choose another folder, or free space, and build it again",
  },
} satisfies Record<string, CatalogueEntry>;
