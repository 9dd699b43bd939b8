import type { Message } from "../catalogue.ts";

/**
 * English: where heat lies, and why an item is suspected. Places and detected things only, never a claim about meaning: no
 * electrode, no side letter, no single letter or disc is ever named.
 */
export const reasons = {
  "reasons.under-one": "under 1",
  "reasons.over-ninety-nine": "over 99",
  "reasons.place.upper-left": "upper left",
  "reasons.place.upper-middle": "upper middle",
  "reasons.place.upper-right": "upper right",
  "reasons.place.middle-left": "middle left",
  "reasons.place.centre": "in the centre",
  "reasons.place.middle-right": "middle right",
  "reasons.place.lower-left": "lower left",
  "reasons.place.lower-middle": "lower middle",
  "reasons.place.lower-right": "lower right",

  "reasons.summary.none": "The map has no positive heat.",
  "reasons.summary.strongest": "Heat strongest {place}: {heat} % of heat in {area} % of the area.",
  "reasons.summary.inside": "{heat} % inside the evidence.",
  "reasons.summary.edge": "Edge share {heat} %.",

  "reasons.outside": "{heat} % of heat outside the evidence, which covers {area} % of the picture",
  "reasons.on-evidence": "{heat} % of heat on the evidence, which covers {area} % of the picture",
  "reasons.corner": "{heat} % of heat in one corner, which is 2 % of the picture",
  "reasons.border": "{heat} % of heat on the outer frame, which is 36 % of the picture",
  "reasons.text":
    "{heat} % of heat on text: three or more bright marks of similar height in a line",
  "reasons.padding": "{heat} % of heat on the padding round the picture",
  "reasons.ink": "{heat} % of heat on coloured ink",
  "reasons.ruler": "{heat} % of heat on a ruler or scale",
  "reasons.nothing": "no heat on border, corner or text beyond chance",
  "reasons.strongest": "strongest {place}",

  "reasons.right": "Right at {confidence} % confidence: {parts}.",
  "reasons.wrong": "Wrong at {confidence} % confidence: {parts}.",
  "reasons.unlabelled": "No label, {confidence} % confidence: {parts}.",
  "reasons.disagree": "The two methods disagree on this map.",

  "reasons.sheet": "The reliability sheet of these maps did not pass.",

  "reasons.no-map": "No usable map: there is nothing to judge.",
  "reasons.weak-map": "Weak map: its largest raw value is among the lowest 5 % of the run.",
  "reasons.evidence-too-large":
    "The evidence covers more than 80 % of the picture: too large to judge by.",
  "reasons.gate-failed":
    "Not faithful here: blurring the hottest 15 % lowers the confidence by {drop} % only.",
} satisfies Record<string, Message>;
