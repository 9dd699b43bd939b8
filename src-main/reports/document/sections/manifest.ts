import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Section } from "../document.ts";
import { hash } from "../names.ts";
import { dateOf, whole } from "../numbers.ts";

/** F: the hashes of everything the numbers rest on. */
export function manifestSection({ data, content }: DocumentContext): Section {
  return {
    id: "F",
    title: message("document.manifest.title"),
    flow: "whole",
    blocks: [
      { kind: "paragraph", text: message("document.manifest.intro") },
      {
        kind: "facts",
        rows: [
          [message("document.manifest.content"), hash(content.sha256)],
          [message("document.manifest.audit"), data.audit.id],
          [message("document.manifest.record"), whole(data.audit.recordNo)],
          [message("document.manifest.record.hash"), hash(data.recordHash)],
          [message("document.manifest.built"), dateOf(data.builtAt)],
        ],
      },
      {
        kind: "table",
        columns: [
          { head: message("document.column.file"), align: "left", width: null },
          { head: message("document.column.bytes"), align: "right", width: null },
          { head: message("document.column.hash"), align: "left", width: 10 },
        ],
        rows: content.entries.map(({ path, bytes, sha256 }) => [path, whole(bytes), hash(sha256)]),
      },
      { kind: "note", text: message("document.manifest.verify") },
    ],
  };
}
