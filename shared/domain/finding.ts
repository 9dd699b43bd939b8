import type { FindingId, ItemNo, ReaderId } from "./ids.ts";
import type { Reason } from "./review.ts";

/** A finding: a named group of items that share one problem, with its evidence and its weight (review-experience 6.10). */
export interface Finding extends FindingFields {
  readonly id: FindingId;
  /** In ascending order. */
  readonly items: readonly ItemNo[];
  readonly state: FindingState;
  readonly comments: readonly FindingComment[];
  /** Who made it; null: the audit itself. */
  readonly readerId: ReaderId | null;
  /** Entry of the record that made it. */
  readonly recordNo: number;
}

/** What a person writes and chooses; each field is a change of its own in the record. */
export interface FindingFields {
  readonly title: string;
  readonly statement: string;
  /** What the model seems to look at instead. */
  readonly shortcut: Reason | null;
  /** Labels it concerns; none: every class. */
  readonly classes: readonly string[];
  readonly subgroup: string;
  /** Items of the example plate in order, at most `mostPlateItems`; the first is the cover. */
  readonly plate: readonly ItemNo[];
  /** Ids of region tests (`TestId`) that bear it out. */
  readonly tests: readonly string[];
  readonly severity: Severity;
  /** How likely it does harm, in words. */
  readonly harm: string;
  readonly recommendations: readonly Recommendation[];
  /** The recommendation in words. */
  readonly advice: string;
  readonly owner: ReaderId | null;
}

export interface FindingComment {
  readonly recordNo: number;
  readonly readerId: ReaderId;
  readonly at: string;
  readonly text: string;
}

export const severities = ["critical", "major", "minor", "note"] as const;
export type Severity = (typeof severities)[number];

/** None said: the list is empty. "none" itself says that nothing need be done. */
export const recommendations = [
  "remove",
  "relabel",
  "crop-or-mask",
  "collect",
  "retrain",
  "restrict-use",
  "none",
] as const;
export type Recommendation = (typeof recommendations)[number];

export const findingStates = ["open", "accepted", "fixed", "disputed"] as const;
export type FindingState = (typeof findingStates)[number];

export const mostPlateItems = 6;

/** Fields of a finding nobody has written in. */
export const emptyFinding: FindingFields = {
  title: "",
  statement: "",
  shortcut: null,
  classes: [],
  subgroup: "",
  plate: [],
  tests: [],
  severity: "minor",
  harm: "",
  recommendations: [],
  advice: "",
  owner: null,
};

export const findingFields = Object.keys(emptyFinding) as (keyof FindingFields)[]; // sound: a const object's own keys

/** Whether anything bears it out: without, it cannot be accepted. */
export function hasEvidence(finding: Pick<Finding, "items" | "tests">): boolean {
  return finding.items.length > 0 || finding.tests.length > 0;
}

/** The items of its plate: those chosen that still belong to it, else its first ones. */
export function plateOf(finding: Pick<Finding, "items" | "plate">): readonly ItemNo[] {
  const own = new Set(finding.items);
  const chosen = finding.plate.filter((item) => own.has(item));
  return (chosen.length > 0 ? chosen : finding.items).slice(0, mostPlateItems);
}
