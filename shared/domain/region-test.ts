import type { ItemNo, ReaderId, RegionId, RunId, TestId } from "./ids.ts";
import type { Shape } from "./review.ts";

/**
 * The region test (`methods/spurious-focus.md` 3.1): a region is covered in the model's input, the model runs again, and what
 * its score loses is held against what it loses by covering regions of the same shape elsewhere.
 */
export const fillIds = ["blur", "mean", "noise", "neighbours"] as const;
export type FillId = (typeof fillIds)[number];

export const regionTestRules = {
  fill: "blur",
  controls: 20,
  /** Controls that one picture alone needs before anything may be said of it. */
  controlsForOne: 200,
  mostControls: 1000,
  /** One-sided, of one picture alone. */
  significance: 0.05,
  /** Standard deviation of the blur, as a share of the input's width. */
  blurShare: 1 / 20,
  seed: 1,
} as const;

/** The fill that must agree in sign with the one asked for before a test counts. */
export function secondFill(fill: FillId): FillId {
  return fill === "neighbours" ? "blur" : "neighbours";
}

/** A region of the same shape elsewhere: its box in picture fractions, and what the score loses by covering it. */
export interface Control {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly drop: number;
}

/** What was measured, in probabilities of `target`; a drop is `before − after`. */
export interface MeasuredTest {
  /** Index of the model's output that the test is about. */
  readonly target: number;
  readonly scoreBefore: number;
  readonly scoreAfter: number;
  readonly classBefore: number;
  readonly classAfter: number;
  readonly second: { readonly fill: FillId; readonly scoreAfter: number };
  readonly controls: readonly Control[];
  /** Controls asked for; fewer places were found where `controls` is shorter. */
  readonly controlsPlanned: number;
  /** Whether places where the map is hotter than its median were left out; false without a map. */
  readonly isByHeat: boolean;
  /** Share of the input's pixels that were covered, 0..1. */
  readonly covered: number;
}

/** A measured test as an audit keeps it. */
export interface RegionTest {
  readonly id: TestId;
  readonly item: ItemNo;
  readonly run: RunId;
  /** The region it was made for; null for a shape that was given in numbers. */
  readonly region: RegionId | null;
  /** As it was then: a region may move afterwards. */
  readonly shape: Shape;
  readonly fill: FillId;
  readonly seed: number;
  readonly result: MeasuredTest;
  /** null: asked for where no person was known. */
  readonly readerId: ReaderId | null;
  readonly at: string;
}

/** What follows from the numbers of a test. */
export interface TestFacts {
  readonly drop: number;
  readonly secondDrop: number;
  /** Both fills move the score the same way; otherwise the test does not count. */
  readonly isAgreed: boolean;
  readonly controlMean: number | null;
  /** Of the sample (n − 1); null with fewer than two. */
  readonly controlSd: number | null;
  /** Controls whose covering costs less than the region's. */
  readonly beaten: number;
  /** 1 where it matters more than all of them; null where fewer places were found than planned. */
  readonly rank: number | null;
  /** `(1 + #{Δ_j ≥ Δ_T}) / (1 + r)`; null with the rank. */
  readonly p: number | null;
  /** Whether "the score depends on this region" may be written of this picture alone. */
  readonly depends: boolean;
}

/** Rank, permutation p-value and agreement of a measured test. */
export function testFacts(test: MeasuredTest): TestFacts {
  const { scoreBefore, scoreAfter, second, controls, controlsPlanned } = test;
  const drop = scoreBefore - scoreAfter;
  const secondDrop = scoreBefore - second.scoreAfter;
  const drops = controls.map((control) => control.drop);
  const n = drops.length;
  const mean = n > 0 ? drops.reduce((sum, value) => sum + value, 0) / n : null;
  const squares = drops.reduce((sum, value) => sum + (value - (mean ?? 0)) ** 2, 0);
  const asMuch = drops.filter((value) => value >= drop).length;
  const isWhole = n > 0 && n >= controlsPlanned;
  const p = isWhole ? (1 + asMuch) / (1 + n) : null;
  const isAgreed = Math.sign(drop) === Math.sign(secondDrop);
  const { controlsForOne, significance } = regionTestRules;
  return {
    drop,
    secondDrop,
    isAgreed,
    controlMean: mean,
    controlSd: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
    beaten: n - asMuch,
    rank: isWhole ? asMuch + 1 : null,
    p,
    depends: isAgreed && drop > 0 && p !== null && p <= significance && n >= controlsForOne,
  };
}
