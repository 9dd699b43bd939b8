import { binomialAtMost } from "./binomial.ts";
import { hypergeometricAtMost } from "./hypergeometric.ts";

/** Read n at random; pass with at most c findings. */
export interface AcceptancePlan {
  readonly n: number;
  readonly c: number;
  /** How the chances are counted: by draws from a finite population where n is over a tenth of it. */
  readonly model: "binomial" | "hypergeometric";
  /** Chance to pass at the good rate, and at the bad. */
  readonly acceptAtGood: number;
  readonly acceptAtBad: number;
}

/** What a plan must do. */
export interface AcceptanceAim {
  /** Rates, `good < bad`. */
  readonly good: number;
  readonly bad: number;
  /** Least chance to pass at the good rate, 0.95; most at the bad, 0.10. */
  readonly acceptAtGood?: number;
  readonly acceptAtBad?: number;
  /** Size of the population, when it is known. */
  readonly population?: number;
}

/** `P(findings ≤ c)` of n read. */
type AtMost = (c: number, n: number) => number;

/**
 * The smallest plan (n, c): for c = 0, 1, 2, … the smallest n that passes at most 10 % at the bad rate, until it passes at
 * least 95 % at the good one (spurious-focus.md 7.5; Schilling and Neubauer, Acceptance Sampling in Quality Control). Of a
 * finite population rates are whole findings: the most that are within the good rate, the fewest that reach the bad. Throws
 * RangeError unless 0 ≤ good < bad ≤ 1.
 */
export function acceptancePlan(aim: AcceptanceAim): AcceptancePlan {
  const { good, bad, population } = aim;
  if (!(good >= 0 && good < bad && bad <= 1))
    throw new RangeError("an acceptance plan needs a good rate under a bad one, both within 0..1");
  if (population !== undefined && population < 1)
    throw new RangeError("an acceptance plan needs a population");
  // A search without end is not begun when the population is less than a tenth of what it would need.
  const most = population === undefined ? Infinity : Math.floor(population / 10);
  const binomial = search(
    aim,
    (c, n) => binomialAtMost(c, n, good),
    (c, n) => binomialAtMost(c, n, bad),
    most,
  );
  if (binomial) return { ...binomial, model: "binomial" };
  const size = population ?? 0;
  const finite = (marked: number): AtMost => {
    return (c, n) => hypergeometricAtMost(c, n, { size, marked });
  };
  // Products such as 0.1 · 30 lie a hair off the whole number that they stand for.
  const within = Math.floor(good * size + 1e-9);
  const reached = Math.ceil(bad * size - 1e-9);
  const found = search(aim, finite(within), finite(reached), size);
  // Reading everything with c = within passes the good population and not the bad.
  if (!found) throw new RangeError("an acceptance plan needs rates that differ by a finding");
  return { ...found, model: "hypergeometric" };
}

function search(
  { acceptAtGood = 0.95, acceptAtBad = 0.1 }: AcceptanceAim,
  atGood: AtMost,
  atBad: AtMost,
  most: number,
): Omit<AcceptancePlan, "model"> | null {
  let from = 1;
  for (let c = 0; c < most; c++) {
    const n = smallest(from, most, (size) => atBad(c, size) <= acceptAtBad);
    if (n === null) return null;
    if (atGood(c, n) >= acceptAtGood)
      return { n, c, acceptAtGood: atGood(c, n), acceptAtBad: atBad(c, n) };
    from = n;
  }
  return null;
}

/** The smallest whole number in `from … most` from which on the test holds; null if it holds nowhere. */
function smallest(from: number, most: number, test: (n: number) => boolean): number | null {
  let low = from - 1; // does not hold
  let step = 1;
  while (low + step < most && !test(low + step)) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, most);
  if (high < from || !test(high)) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (test(middle)) high = middle;
    else low = middle;
  }
  return high;
}
