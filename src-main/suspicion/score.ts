import type { NaCause } from "../../shared/domain/metrics.ts";
import { isGated } from "../../shared/domain/sheet-words.ts";
import { percentile } from "../../shared/statistics/percentile.ts";
import { numberOf, type SuspectItem, type SuspectRun } from "./item.ts";

/** Necessity of the hottest 15 % under which a map is not faithful, and agreement under which methods disagree. */
export const gate = { necessity: 0.05, agreement: 0.3 } as const;

/** Items that are never ranked, by why: each shelf is a list of its own. */
export type Shelf = "no-map" | "weak-map" | "evidence-too-large" | "gate-failed";

export interface Scored {
  /** S, or why there is none. */
  readonly score: number | NaCause;
  readonly shelf: Shelf | null;
  /** S of an item behind the gate: shown greyed, never ranked. */
  readonly greyed: number | null;
  /** Without a label: confidence × max(b, k, t), the attention order. It says where a model looks, not that it is wrong. */
  readonly attention: number | null;
  /** What S was computed from: evidence (RX-2) or where heat lies (RX-3). */
  readonly basis: "evidence" | "places";
  /** E0: gate failed, no usable explanation. E1: the model attends outside. */
  readonly level: "E0" | "E1";
  readonly methodsDisagree: boolean;
  /** The maps of the whole run need not follow the model: every score carries the warning. */
  readonly isWarned: boolean;
}

/**
 * Suspicion S: with evidence `correct × confidence × (1 − g)` (RX-2), without `correct × confidence × max(b, k, t)` (RX-3). The
 * reliability gate stands before it: no usable map, a weak map (RX-4), evidence over 0.8 of the area, a map whose hottest
 * part the model does not need. A reliability sheet that did not pass takes no score away: each carries its warning.
 */
export function scoreItem(item: SuspectItem, run: SuspectRun): Scored {
  const { metrics, isCorrect } = item;
  const basis =
    metrics.focus === undefined || metrics.focus === "no-evidence" ? "places" : "evidence";
  const agreement = numberOf(metrics, "agreement");
  const methodsDisagree = agreement !== null && agreement < gate.agreement;
  const shelf = shelfOf(item, run);
  const level = shelf === "no-map" || shelf === "gate-failed" ? "E0" : "E1";
  const isWarned = run.sheet !== undefined && isGated(run.sheet);
  const out = { shelf, basis, level, methodsDisagree, isWarned } as const;

  const suspicious = basis === "evidence" ? 1 - (numberOf(metrics, "focus") ?? 1) : placesOf(item);
  const score = isCorrect === null ? null : isCorrect ? item.confidence * suspicious : 0;
  const attention = isCorrect === null && shelf === null ? item.confidence * placesOf(item) : null;
  if (shelf)
    return { ...out, attention, score: shelf, greyed: shelf === "gate-failed" ? score : null };
  return { ...out, attention, score: score ?? "no-label", greyed: null };
}

/** `max(b, k, t)` of RX-3: heat beyond chance on border, in the hottest corner, on text. */
export function placesOf({ metrics }: Pick<SuspectItem, "metrics">): number {
  return Math.max(
    numberOf(metrics, "border") ?? 0,
    numberOf(metrics, "corner") ?? 0,
    numberOf(metrics, "text") ?? 0,
  );
}

/** The raw maximum under which maps of a run are weak: its 5th percentile (RX-4); null of no maps. */
export function weakLimit(rawMaxima: ArrayLike<number>): number | null {
  const limit = percentile(rawMaxima, 0.05);
  return Number.isNaN(limit) ? null : limit;
}

function shelfOf({ flags, metrics }: SuspectItem, { weakBelow }: SuspectRun): Shelf | null {
  const isBroken = flags.some((flag) => flag !== "sign-ambiguous");
  const rawMax = numberOf(metrics, "raw_max");
  if (isBroken || rawMax === null || metrics.border_share === "no-map") return "no-map";
  if (weakBelow !== null && rawMax < weakBelow) return "weak-map";
  if (metrics.focus === "evidence-too-large") return "evidence-too-large";
  const necessity = numberOf(metrics, "necessity");
  return necessity !== null && necessity < gate.necessity ? "gate-failed" : null;
}
