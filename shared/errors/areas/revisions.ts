import type { CatalogueEntry } from "../entry.ts";

/** Failures of signing: of revisions, their bundles and their signers. */
export const revisions = {
  "audit/signed": {
    status: 409,
    message: (d: { name: string; revision: number }) =>
      `Cannot change audit "${d.name}": revision ${d.revision} of its report is signed`,
    safe: "The signed revision and everything it counted are unchanged",
    hint: "Reopen the report: that makes the next revision, and says what differs",
  },
  "audit/locked": {
    status: 409,
    message: (d: { name: string; revision: number }) =>
      `Cannot change audit "${d.name}": revision ${d.revision} of its report waits for signatures`,
    safe: "Nothing was changed",
    hint: "Sign it, or request a correction, which opens it again",
  },
  "revision/blocked": {
    status: 422,
    message: (d: { revision: number; why: string }) =>
      `Cannot sign revision ${d.revision}: ${d.why}`,
    safe: "Nothing was locked or signed",
    hint: "Solve what stands against it in Report, then sign",
  },
  "revision/busy": {
    status: 409,
    message: (d: { revision: number; job: string }) =>
      `Cannot sign revision ${d.revision}: ${d.job} is under way`,
    safe: "Nothing was locked; the work goes on",
    hint: "Wait for it, or cancel it",
  },
  "revision/not-ready": {
    status: 409,
    message: (d: { revision: number }) =>
      `Cannot sign revision ${d.revision}: it is not the one that is built and open for signatures`,
    safe: "Nothing was signed",
    hint: "Reload the report and sign the revision that it shows",
  },
  "revision/not-signed": {
    status: 409,
    message: (d: { revision: number }) =>
      `Cannot reopen revision ${d.revision}: nobody has signed it`,
    safe: "Nothing was changed",
    hint: "Change it as it is; where it waits for signatures, request a correction",
  },
  "revision/changed": {
    status: 409,
    message: (d: { revision: number; why: string }) =>
      `Cannot sign revision ${d.revision}: ${d.why}`,
    safe: "Nothing was signed; the audit is unchanged",
    hint: "Request a correction and build the revision again; what changed its files is not Hansight",
  },
  "revision/other-manifest": {
    status: 409,
    message: (d: { revision: number }) =>
      `Cannot sign revision ${d.revision}: it was built again since it was shown`,
    safe: "Nothing was signed",
    hint: "Look at the new build, then sign that",
  },
  "revision/signer-unknown": {
    status: 422,
    message: (d: { name: string; revision: number }) =>
      `Cannot sign revision ${d.revision} as ${d.name}: the record up to it has no key of theirs`,
    safe: "Nothing was signed",
    hint: "Join with a key first; where the revision is locked already, request a correction and build it again",
  },
  "revision/no-reason": {
    status: 422,
    message: (_: object) => "Cannot reopen the report: no reason is given",
    safe: "The signed revision is unchanged",
    hint: "Say why; the reason is printed in the next revision",
  },
  "verify/nothing-here": {
    status: 422,
    message: (d: { folder: string }) =>
      `Cannot verify "${d.folder}": it holds neither an audit nor a report built for signing`,
    safe: "The folder was only read",
    hint: "Choose a folder that ends in .hansight, or the folder of a revision with its manifest.json",
  },
} satisfies Record<string, CatalogueEntry>;
