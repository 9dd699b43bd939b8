import { acceptancePlan } from "./acceptance-plan.ts";

/** A sequential plan, fixed before looking: after each image read it is known whether to pass, to fail or to read on. */
export interface SequentialPlan {
  /** Findings a read image may bring: the slope of both lines. */
  readonly slope: number;
  /** Pass at `findings ≤ slope·n − acceptOffset`; fail at `findings ≥ slope·n + rejectOffset`. */
  readonly acceptOffset: number;
  readonly rejectOffset: number;
  /** Reading ends here, at three times the single plan. */
  readonly longest: number;
}

/** Whole findings at which reading ends after `n` images; null where no number does yet. */
export interface SequentialBounds {
  readonly n: number;
  readonly acceptAt: number | null;
  readonly rejectAt: number | null;
}

export type SequentialDecision = "accept" | "reject" | "continue";

/**
 * Wald's sequential probability ratio test (1947) of a good rate against a bad one, with α the chance to fail the good and β
 * to pass the bad (spurious-focus.md 7.5). Throws RangeError unless 0 < good < bad < 1.
 *
 *   D = ln[p₁(1−p₀) / (p₀(1−p₁))],  slope = ln[(1−p₀)/(1−p₁)] / D
 *   accept line  slope·n − ln((1−α)/β)/D,  reject line  slope·n + ln((1−β)/α)/D
 */
export function sequentialPlan(aim: {
  readonly good: number;
  readonly bad: number;
  readonly alpha?: number;
  readonly beta?: number;
}): SequentialPlan {
  const { good, bad, alpha = 0.05, beta = 0.1 } = aim;
  if (!(good > 0 && good < bad && bad < 1))
    throw new RangeError("a sequential plan needs a good rate under a bad one, both inside 0..1");
  const d = Math.log((bad * (1 - good)) / (good * (1 - bad)));
  const single = acceptancePlan({ good, bad, acceptAtGood: 1 - alpha, acceptAtBad: beta });
  return {
    slope: Math.log((1 - good) / (1 - bad)) / d,
    acceptOffset: Math.log((1 - alpha) / beta) / d,
    rejectOffset: Math.log((1 - beta) / alpha) / d,
    longest: 3 * single.n,
  };
}

/** The bounds after `n` images. At the plan's end every number decides: up to `slope·n` findings pass. */
export function sequentialBounds(plan: SequentialPlan, n: number): SequentialBounds {
  if (n >= plan.longest) {
    const acceptAt = Math.floor(plan.slope * n);
    return { n, acceptAt, rejectAt: acceptAt + 1 };
  }
  const acceptAt = Math.floor(plan.slope * n - plan.acceptOffset);
  const rejectAt = Math.ceil(plan.slope * n + plan.rejectOffset);
  return {
    n,
    acceptAt: acceptAt < 0 ? null : acceptAt,
    rejectAt: rejectAt > n ? null : rejectAt,
  };
}

/** What the plan says of `findings` in the first `n` images. */
export function sequentialDecision(
  plan: SequentialPlan,
  { n, findings }: { readonly n: number; readonly findings: number },
): SequentialDecision {
  const { acceptAt, rejectAt } = sequentialBounds(plan, n);
  if (acceptAt !== null && findings <= acceptAt) return "accept";
  if (rejectAt !== null && findings >= rejectAt) return "reject";
  return "continue";
}

/** Chance to pass at a true rate, and how many images that takes on average: exact, by every path to a bound. */
export function sequentialCharacteristic(
  plan: SequentialPlan,
  rate: number,
): { accept: number; meanRead: number } {
  let open = new Map([[0, 1]]); // findings so far: chance to be there, still reading
  let accept = 0;
  let meanRead = 0;
  for (let n = 1; n <= plan.longest && open.size > 0; n++) {
    const next = new Map<number, number>();
    const add = (findings: number, chance: number) => {
      if (chance > 0) next.set(findings, (next.get(findings) ?? 0) + chance);
    };
    for (const [findings, chance] of open) {
      meanRead += chance;
      add(findings, chance * (1 - rate));
      add(findings + 1, chance * rate);
    }
    for (const [findings, chance] of next) {
      const decision = sequentialDecision(plan, { n, findings });
      if (decision === "continue") continue;
      if (decision === "accept") accept += chance;
      next.delete(findings);
    }
    open = next;
  }
  return { accept, meanRead };
}
