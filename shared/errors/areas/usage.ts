import type { CatalogueEntry } from "../entry.ts";

/** Failures of the command line and the host. */
export const usage = {
  "usage/bad-option": {
    status: 400,
    message: (d: { option: string; why: string }) => `Cannot use ${d.option}: ${d.why}`,
    safe: "Nothing was changed",
    hint: "See --help",
  },
  "usage/refused": {
    status: 400,
    message: (d: { field: string; why: string }) => `Cannot take ${d.field || "this"}: ${d.why}`,
    safe: "Nothing was changed",
    hint: "Correct it and try again",
  },
  "usage/bad-name": {
    status: 400,
    message: (d: { name: string }) =>
      `Cannot name an audit "${d.name}": it must be a folder's name on every system`,
    safe: "Nothing was changed",
    hint: 'Use letters, digits, spaces, dots and dashes, and none of / \\ : * ? " < > |',
  },
  "usage/two-layers": {
    status: 400,
    message: (_: object) => "Cannot use --tap and --taps together",
    safe: "Nothing was changed",
    hint: "Name one layer with --tap, or several with --taps",
  },
  "usage/fuse-what": {
    status: 400,
    message: (_: object) => "Cannot use --fuse alone: no layers are named",
    safe: "Nothing was changed",
    hint: "Name them with --taps first,second; hansight inspect lists them",
  },
  "usage/port-in-use": {
    status: 409,
    message: (d: { port: number }) => `Cannot serve on port ${d.port}: it is in use`,
    safe: "Nothing was changed",
    hint: "Choose another with --port, or leave it out for a free one",
  },
} satisfies Record<string, CatalogueEntry>;
