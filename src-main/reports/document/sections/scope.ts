import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { stated } from "../names.ts";

const fields = ["purpose", "intended-use", "audience", "decision", "evidence-definition"] as const;

/** 2: what the audit is for, in its authors' words; what they left out is said to be left out. */
export function scopeSection({ data: { audit } }: DocumentContext): Section {
  const blocks: Block[] = [
    {
      kind: "facts",
      rows: fields.map((field) => [message(`document.scope.${field}`), stated(audit.texts[field])]),
    },
  ];
  if (audit.medical) blocks.push({ kind: "paragraph", text: message("document.scope.medical") });
  return { id: "2", title: message("document.scope.title"), flow: "whole", blocks };
}
