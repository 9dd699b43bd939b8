import type { CatalogueEntry } from "../entry.ts";

/** Failures of findings and of meetings. */
export const findings = {
  "finding/unknown": {
    status: 404,
    message: (d: { finding: string }) =>
      `Cannot change the finding "${d.finding}": this audit does not hold it`,
    safe: "Every other finding is kept",
    hint: "Its making may have been undone: redo it, or make a new one",
  },
  "finding/exists": {
    status: 409,
    message: (d: { finding: string }) =>
      `Cannot make the finding "${d.finding}": this audit holds one of that id`,
    safe: "The finding that is there is unchanged",
    hint: "Make it again",
  },
  "finding/no-evidence": {
    status: 422,
    message: (d: { title: string }) =>
      `Cannot accept the finding "${d.title}": it holds no item and no region test`,
    safe: "The finding stays open with all its words",
    hint: "Add an item or a region test that shows it, then accept it",
  },
  "finding/accepted": {
    status: 422,
    message: (d: { title: string }) =>
      `Cannot take the last evidence from the finding "${d.title}": it is accepted`,
    safe: "Its items and region tests are unchanged",
    hint: "Open the finding again first, or mark it as disputed",
  },
  "meeting/unknown": {
    status: 404,
    message: (d: { meeting: string }) =>
      `Cannot take a verdict of the meeting "${d.meeting}": its beginning is not in the record`,
    safe: "Verdicts that were given before are kept",
    hint: "Begin the meeting again with those present",
  },
  "meeting/exists": {
    status: 409,
    message: (d: { meeting: string }) =>
      `Cannot begin the meeting "${d.meeting}": this audit holds one of that id`,
    safe: "The meeting that is there is unchanged",
    hint: "Begin it again",
  },
  "meeting/dissent": {
    status: 422,
    message: (d: { dissent: number; present: number }) =>
      `Cannot record ${d.dissent} dissenting of ${d.present} present: somebody must agree`,
    safe: "No verdict was recorded, no earlier one was touched",
    hint: "Record fewer dissenting voices, or leave the item without a consensus",
  },
} satisfies Record<string, CatalogueEntry>;
