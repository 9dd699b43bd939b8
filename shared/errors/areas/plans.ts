import type { CatalogueEntry } from "../entry.ts";

/** Failures of plans: drawing and freezing them. */
export const plans = {
  "plan/no-items": {
    status: 422,
    message: (_: object) => "Cannot draw a sample: the audit has no readable images",
    safe: "Nothing was changed",
    hint: "Put the image folder back where it was, or add images",
  },
  "plan/needs-run": {
    status: 422,
    message: (_: object) =>
      "Cannot draw this plan: strata by answer, shares by suspicion, an order by score and suspects need a run",
    safe: "Nothing was changed",
    hint: "Make a run first, or leave these choices out",
  },
  "plan/needs-reason": {
    status: 422,
    message: (d: { no: number }) =>
      `Cannot freeze plan ${d.no}: it changes plan ${d.no - 1} without a reason`,
    safe: "The plan in force stands",
    hint: "Say in a sentence why the plan changes",
  },
  "plan/another": {
    status: 409,
    message: (d: { no: number }) =>
      `Cannot freeze plan ${d.no}: another plan was frozen since this one was drawn`,
    safe: "The plan in force stands",
    hint: "Look at the plan in force, then freeze again if it must change",
  },
  "plan/acceptance-size": {
    status: 422,
    message: (d: { n: number; size: number }) =>
      `Cannot freeze this plan: its acceptance test reads ${d.n} images and the sample has ${d.size}`,
    safe: "Nothing was changed",
    hint: "Draw a larger sample, or set the two rates further apart",
  },
  "plan/acceptance-strata": {
    status: 422,
    message: (_: object) =>
      "Cannot freeze this plan: an acceptance test needs a plain random sample in shuffled order",
    safe: "Nothing was changed",
    hint: "Leave out the strata and the order by score, or the acceptance test",
  },
  "plan/acceptance-rates": {
    status: 422,
    message: (d: { good: number; bad: number; population: number }) =>
      `Cannot plan an acceptance test of ${d.population} images: a good rate of ${d.good} and a bad one of ${d.bad} cannot be told apart`,
    safe: "Nothing was changed",
    hint: "Set the bad rate above the good one, at least an image apart",
  },
  "plan/reader-unknown": {
    status: 422,
    message: (d: { reader: string }) =>
      `Cannot plan for "${d.reader}": nobody in the audit is called so`,
    safe: "Nothing was changed",
    hint: "Name somebody who has joined the audit, by name, initials or id",
  },
  "plan/none": {
    status: 404,
    message: (d: { queue: string }) =>
      `Cannot list what to read in queue "${d.queue}": no plan has it`,
    safe: "Nothing was changed",
    hint: "Choose a queue of the plan in force",
  },
} satisfies Record<string, CatalogueEntry>;
