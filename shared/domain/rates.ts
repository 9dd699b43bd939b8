import type { AcceptancePlan } from "../statistics/acceptance-plan.ts";
import type { Agreement } from "../statistics/agreement.ts";
import type { EstimatedRate } from "../statistics/estimated-rate.ts";
import type { Interval } from "../statistics/proportion.ts";
import type { CharacteristicPoint } from "../statistics/operating-characteristic.ts";
import type { ItemNo, QueueId, ReaderId } from "./ids.ts";
import type { Verdict } from "./review.ts";

/**
 * A rate of Spurious with everything that must be said with it: k of n, its 95 % interval and how that was made. `weighted`: of
 * a group that runs across strata read at different shares (Hájek).
 */
export interface Rate extends Omit<EstimatedRate, "method"> {
  readonly method: EstimatedRate["method"] | "weighted";
}

/** Why there is no rate yet. `order`: read by score and not to its end, what was read is no random sample. */
export const noRateCauses = ["no-sample", "not-read", "few-in-stratum", "order"] as const;
export type NoRateCause = (typeof noRateCauses)[number];

/** The four that answer and focus make. */
export const placedQuadrants = ["right-on", "right-off", "wrong-on", "wrong-off"] as const;
export type PlacedQuadrant = (typeof placedQuadrants)[number];

export const rateGroupKinds = ["class", "answer", "site"] as const;
export type RateGroupKind = (typeof rateGroupKinds)[number];

/** The rate of a part of the dataset, from the part of the sample that lies in it. */
export interface GroupRate {
  readonly kind: RateGroupKind;
  /** Class or site by name; "right" or "wrong". */
  readonly name: string;
  /** Items of the dataset, and of the sample, in it. */
  readonly population: number;
  readonly sampled: number;
  /** null while none of it was read. */
  readonly rate: Rate | null;
}

export interface AcceptanceResult {
  readonly plan: AcceptancePlan & { readonly good: number; readonly bad: number };
  /** Of the plan's n, how many were read, and Spurious among them. */
  readonly read: number;
  readonly found: number;
  /** *open* while it may still go either way. */
  readonly decision: "accept" | "reject" | "open";
  /** Clopper–Pearson, of what was read. */
  readonly interval: Interval;
  readonly curve: readonly CharacteristicPoint[];
}

/** Items whose readers disagree: both verdicts stay, and a third person's counts. */
export interface Disagreement {
  readonly item: ItemNo;
  readonly verdicts: readonly { readonly reader: ReaderId; readonly verdict: Verdict }[];
  readonly settled: { readonly reader: ReaderId; readonly verdict: Verdict } | null;
}

/**
 * What the random sample says of the dataset (RX-61, RX-63): computed from verdicts given in it alone. Without a plan it is
 * the sample that the first run made.
 */
export interface Rates {
  /** null where nothing was drawn. */
  readonly queue: QueueId | null;
  /** Number of the plan; null for the sample of a run. */
  readonly plan: number | null;
  readonly seed: number;
  readonly listSha256: string;
  readonly population: number;
  readonly size: number;
  /** Items of the sample with a verdict that counts. */
  readonly read: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Spurious, of the whole dataset. */
  readonly overall: Rate | null;
  /** Of the whole dataset by quadrant (*right-off*: right for the wrong reason); null where there is no rate, or no run. */
  readonly quadrants: Readonly<Record<PlacedQuadrant, Rate>> | null;
  /** null where there is a rate. */
  readonly cause: NoRateCause | null;
  readonly groups: readonly GroupRate[];
  readonly acceptance: AcceptanceResult | null;
  /** null where no item has two readers; categories in the order of `verdicts`. */
  readonly agreement: Agreement | null;
  readonly disagreements: readonly Disagreement[];
}
