import type { CatalogueEntry } from "../entry.ts";

/** Failures of the command line and the host. */
export const usage = {
  "usage/bad-option": {
    status: 400,
    message: (d: { option: string; why: string }) => `Cannot use ${d.option}: ${d.why}`,
    safe: "Nothing was changed",
    hint: "See --help",
  },
  "usage/port-in-use": {
    status: 409,
    message: (d: { port: number }) => `Cannot serve on port ${d.port}: it is in use`,
    safe: "Nothing was changed",
    hint: "Choose another with --port, or leave it out for a free one",
  },
} satisfies Record<string, CatalogueEntry>;
