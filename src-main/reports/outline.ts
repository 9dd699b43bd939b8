import type { Audit } from "../../shared/contract/audits.ts";
import type { ReportOutline } from "../../shared/contract/reports.ts";

type Built = Pick<ReportOutline, "files" | "pages"> & { readonly builtAt: string };

/** What the report holds, and what stands against it. */
export function outlineOf(audit: Audit, built: Built | null): ReportOutline {
  return {
    sections: [],
    blockers: [],
    warnings: [],
    pages: built?.pages ?? 0,
    files: built?.files ?? [],
    builtAt: built?.builtAt ?? null,
  };
}
