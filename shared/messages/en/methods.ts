import type { Message } from "../catalogue.ts";

/** English: what is said of every method alike. */
export const methodWords = {
  "method.status.as-published": "as published",
  "method.status.reconstruction": "reconstruction",
  "method.status.post-hoc-surrogate": "post-hoc surrogate",
  "method.zero.natural": "0 means no evidence",
  "method.zero.baseline": "0 means no more than a blank layer has",
  "method.zero.none":
    "0 means nothing, so the least value of each map is taken off before it is measured",
  "method.cost.forward": "nothing beyond the prediction itself",
  "method.cost.gradient": "one backward pass over the layers after the map",
  "method.cost.tail": "many passes over the layers after the map",
  "method.cost.forwards": "many passes over the whole network",
  "method.page.open": "About {method}",
  "method.page.zero": "Zero: {zero}.",
  "method.page.cost": "Cost: {cost}.",
  "method.page.class-agnostic": "The map is the same for every class.",
  "method.page.source": "{paper}, {url}; {status}.",
  "method.page.how": "How it is made",
  "method.page.use": "When to use it",
  "method.page.doubt": "When not to believe it",
  "method.page.seen": "Known weakness, and what was measured",
  "method.page.facts": "Zero, cost and source",
} satisfies Record<string, Message>;
