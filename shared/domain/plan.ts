import { canonicalJson } from "./canonical.ts";
import type { ItemNo, QueueId, ReaderId, RunId } from "./ids.ts";

/**
 * What will be read, by whom and how, fixed before anybody looks (review-experience 6.5, RX-60 to RX-63). A plan is frozen
 * by `plan.freeze` and never changed: another one, with a reason, takes its place, and both are kept. Rates come from its
 * random sample alone.
 */
export interface Plan {
  /** Counts from 1 in the audit. The one with the highest number is in force. */
  readonly no: number;
  /** Why it replaced the one before it; empty for plan 1. */
  readonly reason: string;
  /** Items that could be drawn: neither unreadable nor excluded. */
  readonly population: number;
  readonly sample: PlannedSample;
  /** Queues for finding problems; they give no rate, and lie outside `hash`. */
  readonly searches: readonly PlannedSearch[];
  readonly reading: ReadingRules;
  readonly acceptance: PlannedAcceptance | null;
  /** SHA-256 of `planText`: a verdict joins a rate only under an equal one. */
  readonly hash: string;
}

/** What strata are formed by, from the coarsest to the finest. */
export const stratumKinds = ["class", "answer", "site"] as const;
export type StratumKind = (typeof stratumKinds)[number];

export const allocations = ["proportional", "neyman"] as const;
export type AllocationKind = (typeof allocations)[number];

/** How the sample's size was said: itself, or by half the width of the wanted interval, 0..1. */
export type SampleWish =
  | { readonly kind: "size"; readonly size: number }
  | { readonly kind: "margin"; readonly margin: number };

/** Items drawn from together; `cells` are the distinct keys in it, one word per stratum kind, empty where not known. */
export interface PlannedPart {
  readonly cells: readonly (readonly string[])[];
  /** Items of the population in it, and how many of them are drawn. */
  readonly size: number;
  readonly drawn: number;
}

export interface PlannedSample {
  readonly queue: QueueId;
  readonly wish: SampleWish;
  readonly size: number;
  readonly seed: number;
  readonly strata: readonly StratumKind[];
  readonly allocation: AllocationKind;
  /** Run whose predictions and scores formed strata, guesses and order; null where none was asked. */
  readonly run: RunId | null;
  readonly parts: readonly PlannedPart[];
  /** Index of the part of each item, in the queue's order. */
  readonly partOf: readonly number[];
  /** SHA-256 of the ordered list: `number TAB path LF` per item. */
  readonly listSha256: string;
}

export type PlannedSearch =
  | {
      readonly kind: "suspects";
      readonly queue: QueueId;
      readonly run: RunId;
      readonly size: number;
      readonly choice: SuspectChoice;
    }
  | { readonly kind: "filter"; readonly queue: QueueId; readonly size: number };

/** Which suspects: the first `top`, those of a score of at least `above`, or both; at most `perClass` of one class. */
export interface SuspectChoice {
  readonly top: number | null;
  readonly above: number | null;
  readonly perClass: number | null;
}

/**
 * *open*: everything shows. *focus-blind*: the picture first, then the map, then the answer (RX-95). *reader-blind*: nothing
 * of other readers until one's own verdict is given (RX-96), and no suspicion in a second reading.
 */
export const blindModes = ["open", "focus-blind", "reader-blind"] as const;
export type BlindMode = (typeof blindModes)[number];

export const readingOrders = ["shuffled", "by-score"] as const;
export type ReadingOrder = (typeof readingOrders)[number];

export interface ReadingRules {
  readonly blind: BlindMode;
  readonly order: ReadingOrder;
  /** Who reads the sample first, dealt in turn; empty: whoever comes. */
  readonly first: readonly ReaderId[];
  /** Who reads a second time, dealt in turn; empty: anyone but the first reader of the item. */
  readonly second: readonly ReaderId[];
  /** The queue of second readings; null: nothing is read twice. */
  readonly secondReading: SecondReading | null;
  /** Where a third person settles what two disagree on; null without second readings. */
  readonly adjudication: QueueId | null;
}

export interface SecondReading {
  readonly queue: QueueId;
  readonly size: number;
  readonly listSha256: string;
  /** What the first reader calls Spurious is read again too; such items join the queue's end. */
  readonly allSpurious: boolean;
}

/** The model passes with at most `c` Spurious in the first `n` of the sample. */
export interface PlannedAcceptance {
  /** Rates, `good < bad`. */
  readonly good: number;
  readonly bad: number;
  readonly n: number;
  readonly c: number;
}

/** What a person chooses; the audit draws the lists and makes a `Plan` of it. */
export interface PlanChoices {
  readonly wish: SampleWish;
  readonly seed: number;
  readonly strata: readonly StratumKind[];
  readonly allocation: AllocationKind;
  /** Needed for strata by answer, Neyman's shares, order by score and suspects. */
  readonly run: RunId | null;
  readonly suspects: SuspectChoice | null;
  readonly filter: { readonly name: string; readonly items: readonly ItemNo[] } | null;
  readonly blind: BlindMode;
  readonly order: ReadingOrder;
  readonly first: readonly ReaderId[];
  readonly second: readonly ReaderId[];
  /** Items read twice; null: 50 or a tenth, whichever is more, all when there are fewer. 0: none. */
  readonly secondSize: number | null;
  readonly allSpurious: boolean;
  readonly acceptance: { readonly good: number; readonly bad: number } | null;
}

/** Seconds one reading takes, for estimates of time. */
export const secondsPerReading = 6;

/** What a queue is for in a plan. */
export const queueRoles = ["random", "second", "adjudication", "suspects", "filter"] as const;
export type QueueRole = (typeof queueRoles)[number];

/** The plan in force: rates and rules are its own. Null before the first one is frozen. */
export function planInForce<P extends Plan>(plans: readonly P[]): P | null {
  return plans.reduce<P | null>((last, plan) => (last && last.no > plan.no ? last : plan), null);
}

/** What `queue` is for in `plan`; null where it is no queue of it. */
export function roleOfQueue(plan: Plan, queue: QueueId): QueueRole | null {
  if (queue === plan.sample.queue) return "random";
  if (queue === plan.reading.secondReading?.queue) return "second";
  if (queue === plan.reading.adjudication) return "adjudication";
  return plan.searches.find((search) => search.queue === queue)?.kind ?? null;
}

/** The plan whose queue this is, the latest of them. */
export function planOfQueue<P extends Plan>(plans: readonly P[], queue: QueueId): P | null {
  return planInForce(plans.filter((plan) => roleOfQueue(plan, queue) !== null));
}

/** Who reads the item at `position` of the sample first; null: whoever comes. */
export function firstReaderOf({ first }: ReadingRules, position: number): ReaderId | null {
  return first.length === 0 ? null : first[position % first.length];
}

/**
 * Who reads an item a second time: dealt in turn by its place among second readings, leaving out `firstReader`. Null: anyone
 * but the first reader.
 */
export function secondReaderOf(
  { second }: ReadingRules,
  position: number,
  firstReader: ReaderId | null,
): ReaderId | null {
  const others = second.filter((reader) => reader !== firstReader);
  return others.length === 0 ? null : others[position % others.length];
}

/**
 * The text whose SHA-256 is a plan's hash: population, sample, reading rules and acceptance, as canonical JSON. Ids of
 * queues, the plan's number and its reason say nothing of what is read, so two audits that drew alike have equal hashes.
 */
export function planText(plan: Omit<Plan, "hash">): string {
  const { queue: _sample, ...sample } = plan.sample;
  const { secondReading, adjudication: _third, ...reading } = plan.reading;
  const second = secondReading && {
    size: secondReading.size,
    listSha256: secondReading.listSha256,
    allSpurious: secondReading.allSpurious,
  };
  return canonicalJson({
    population: plan.population,
    sample,
    reading: { ...reading, secondReading: second },
    acceptance: plan.acceptance,
  });
}
