import type { CatalogueEntry } from "../entry.ts";

/** Failures of audits: opening, finding, sharing and changing them. */
export const audits = {
  "audit/not-found": {
    status: 404,
    message: (d: { auditId: string }) =>
      `Cannot open audit "${d.auditId}": it is not in the library`,
    safe: "Nothing was changed",
    hint: "Open its .hansight folder again",
  },
  "audit/in-use": {
    status: 409,
    message: (d: { name: string; by: string; since: string }) =>
      `Cannot change audit "${d.name}": it is open by ${d.by} since ${d.since}`,
    safe: "It can be read; nothing was changed",
    hint: "Close it there, then open it again here",
  },
  "audit/exists": {
    status: 409,
    message: (d: { folder: string }) =>
      `Cannot create audit "${d.folder}": the folder exists already`,
    safe: "The existing folder was not touched",
    hint: "Choose another name, or continue it with: hansight run",
  },
  "audit/not-an-audit": {
    status: 422,
    message: (d: { folder: string }) => `Cannot open "${d.folder}": it holds no audit`,
    safe: "Nothing was changed",
    hint: "Choose a folder that ends in .hansight",
  },
  "audit/newer": {
    status: 409,
    message: (d: { folder: string; found: number; known: number }) =>
      `Cannot open "${d.folder}": it was written by a newer Hansight (format ${d.found}, this one knows ${d.known})`,
    safe: "Nothing was changed",
    hint: "Open it with the newer version",
  },
  "audit/damaged": {
    status: 422,
    message: (d: { folder: string; why: string }) =>
      `Cannot open "${d.folder}": its store failed the check (${d.why})`,
    safe: "The folder was not touched; its copies folder holds earlier states, record.log every judgement",
    hint: "Repair it from the newest good copy",
  },
  "audit/read-only": {
    status: 409,
    message: (d: { name: string }) =>
      `Cannot change audit "${d.name}": it was opened to be read only`,
    safe: "Nothing was changed",
    hint: "Open it again without asking for read only",
  },
  "audit/item-unknown": {
    status: 404,
    message: (d: { item: number }) => `Cannot find item ${d.item}: this audit has no such item`,
    safe: "Nothing was changed",
    hint: "Reload the list of items",
  },
  "audit/model-unknown": {
    status: 404,
    message: (d: { model: string }) =>
      `Cannot find model "${d.model}": this audit has no such model`,
    safe: "Nothing was changed",
    hint: "Choose one of the models of this audit",
  },
  "audit/no-model": {
    status: 422,
    message: (d: { audit: string }) => `Cannot map "${d.audit}": this audit has no model`,
    safe: "Nothing was changed",
    hint: "Make an audit of the same images with one: hansight audit IMAGES --model FILE",
  },
  "audit/region-unknown": {
    status: 404,
    message: (d: { region: string }) => `Cannot change region "${d.region}": it is not there`,
    safe: "Nothing was changed",
    hint: "It may have been removed; the history shows by whom",
  },
  "audit/queue-exists": {
    status: 409,
    message: (d: { queue: string }) => `Cannot make queue "${d.queue}": it exists already`,
    safe: "The existing queue was not touched",
    hint: "Make it under another id",
  },
  "audit/reader-unknown": {
    status: 403,
    message: (d: { reader: string }) =>
      `Cannot record this: reader "${d.reader}" has not joined the audit`,
    safe: "Nothing was changed",
    hint: "Say who you are, then try again",
  },
  "audit/cannot-undo": {
    status: 409,
    message: (d: { recordNo: number }) =>
      `Cannot undo entry ${d.recordNo}: it is not an action of yours that still holds`,
    safe: "Nothing was changed",
    hint: "Look in the record; a judgement of someone else is answered by one of your own",
  },
  "audit/cannot-redo": {
    status: 409,
    message: (d: { recordNo: number }) =>
      `Cannot redo entry ${d.recordNo}: it is not an action of yours that was undone`,
    safe: "Nothing was changed",
    hint: "Do it again instead",
  },
} satisfies Record<string, CatalogueEntry>;
