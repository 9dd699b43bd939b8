import { countOfShare } from "./ranks.ts";
import { scoreOf, type Answer, type Passes } from "./passes.ts";

/** Orders of an image's pixels by one map, and how removed ones are filled. */
export interface RankedPixels {
  readonly hottest: Int32Array;
  readonly coldest: Int32Array;
  /** The image with these pixels imputed. */
  impute(removed: Int32Array): Float32Array;
}

export interface Road {
  /** `mean_q (p_LeRF − p_MoRF)/2` */
  readonly road: number;
  /** Probability after the share was removed, hottest or coldest first. */
  readonly morf: readonly number[];
  readonly lerf: readonly number[];
  /** Whether the image is still predicted as the class, 1 or 0, hottest first. */
  readonly stillPredicted: readonly number[];
}

/** ROAD, Rong et al. 2022, combined as pytorch-grad-cam does: two orders at each share, imputed. */
export function planRoad(
  {
    pixels,
    shares,
    map,
  }: {
    readonly pixels: RankedPixels;
    readonly shares: readonly number[];
    readonly map: string;
  },
  passes: Passes,
): (target: number) => Road {
  const asked = (name: string, order: Int32Array): readonly Answer[] =>
    shares.map((share) =>
      passes.ask(`${name} ${map} ${share}`, () =>
        pixels.impute(order.subarray(0, countOfShare(share, order.length))),
      ),
    );
  const hottest = asked("morf", pixels.hottest);
  const coldest = asked("lerf", pixels.coldest);
  return (target) => {
    const morf = hottest.map((answer) => scoreOf(answer, target));
    const lerf = coldest.map((answer) => scoreOf(answer, target));
    const gaps = lerf.map((score, i) => (score - morf[i]) / 2);
    return {
      road: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
      morf,
      lerf,
      stillPredicted: hottest.map(({ logits }) => (predictedClass(logits) === target ? 1 : 0)),
    };
  };
}

/** The predicted class; of a single output, its positive (1) or negative (0) side. */
export function predictedClass(logits: Float32Array): number {
  if (logits.length === 1) return logits[0] > 0 ? 1 : 0;
  let best = 0;
  for (let c = 1; c < logits.length; c++) if (logits[c] > logits[best]) best = c;
  return best;
}

/**
 * Sufficiency `p(only the hottest share kept)/p(x)` and necessity `1 − p(hottest share removed)/p(x)`, imputed as in ROAD.
 */
export function planSufficiency(
  {
    pixels,
    share,
    map,
  }: {
    readonly pixels: RankedPixels;
    readonly share: number;
    readonly map: string;
  },
  passes: Passes,
): (
  target: number,
  before: number,
) => { readonly sufficiency: number; readonly necessity: number } {
  const { hottest } = pixels;
  const count = countOfShare(share, hottest.length);
  const kept = passes.ask(`only ${map}`, () => pixels.impute(hottest.subarray(count)));
  const removed = passes.ask(`morf ${map} ${share}`, () =>
    pixels.impute(hottest.subarray(0, count)),
  );
  return (target, before) => ({
    sufficiency: scoreOf(kept, target) / before,
    necessity: 1 - scoreOf(removed, target) / before,
  });
}
