import { message, type MessageKey } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Section } from "../document.ts";

interface Asked {
  readonly topic: MessageKey;
  /** Checklists that ask for something of this kind. */
  readonly by: string;
  readonly section: string;
}

const all = "CLAIM, MI-CLAIM, DECIDE-AI";

/** What reporting checklists for machine learning in medicine ask for, and where this report speaks of it. */
const asked: readonly Asked[] = [
  { topic: "document.checklist.purpose", by: all, section: "2" },
  { topic: "document.checklist.data", by: all, section: "3" },
  { topic: "document.checklist.eligibility", by: "CLAIM, DECIDE-AI", section: "3" },
  { topic: "document.checklist.reference", by: "CLAIM, MI-CLAIM", section: "3" },
  { topic: "document.checklist.partitions", by: "CLAIM, MI-CLAIM", section: "4" },
  { topic: "document.checklist.quality", by: all, section: "4" },
  { topic: "document.checklist.model", by: all, section: "5" },
  { topic: "document.checklist.preparation", by: "CLAIM, MI-CLAIM", section: "5" },
  { topic: "document.checklist.explain", by: "CLAIM, MI-CLAIM", section: "6" },
  { topic: "document.checklist.readers", by: "CLAIM, DECIDE-AI", section: "7" },
  { topic: "document.checklist.sample", by: "CLAIM, DECIDE-AI", section: "7" },
  { topic: "document.checklist.performance", by: all, section: "8" },
  { topic: "document.checklist.uncertainty", by: "CLAIM", section: "8" },
  { topic: "document.checklist.subgroups", by: "CLAIM, DECIDE-AI", section: "8" },
  { topic: "document.checklist.agreement", by: "CLAIM", section: "8" },
  { topic: "document.checklist.errors", by: "CLAIM, MI-CLAIM, DECIDE-AI", section: "10" },
  { topic: "document.checklist.limits", by: all, section: "11" },
  { topic: "document.checklist.harm", by: "DECIDE-AI", section: "9" },
  { topic: "document.checklist.code", by: "CLAIM, MI-CLAIM", section: "E" },
];

/** A: which topics are spoken of on which page. It names facts, and claims no compliance (RX-113). */
export function checklistSection(_context: DocumentContext): Section {
  return {
    id: "A",
    title: message("document.checklist.title"),
    flow: "page",
    blocks: [
      { kind: "paragraph", text: message("document.checklist.intro") },
      {
        kind: "table",
        columns: [
          { head: message("document.checklist.topic"), align: "left", width: 7 },
          { head: message("document.checklist.by"), align: "left", width: 5 },
          { head: message("document.checklist.section"), align: "right", width: null },
          { head: message("document.checklist.page"), align: "right", width: null },
        ],
        rows: asked.map(({ topic, by, section }) => [
          message(topic),
          by,
          section,
          { text: section, tone: "page" },
        ]),
      },
      { kind: "heading", text: message("document.checklist.not") },
      {
        kind: "list",
        items: [
          message("document.checklist.not.training"),
          message("document.checklist.not.outcome"),
          message("document.checklist.not.approval"),
        ],
      },
    ],
  };
}
