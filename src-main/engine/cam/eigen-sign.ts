import { pearson } from "../../../shared/statistics/correlation.ts";
import { extent, sumOverChannels } from "../kernels/maps.ts";
import type { RawMap } from "./method.ts";

/**
 * The sign rule of a principal projection: flipped when its lowest value is further from 0 than its highest; ambiguous when
 * the two are alike within 5 %.
 */
export function signed(projection: Float64Array): { isFlipped: boolean; isAmbiguous: boolean } {
  const [min, max] = extent(projection);
  const low = Math.abs(min);
  const high = Math.abs(max);
  const larger = Math.max(low, high);
  return { isFlipped: low > high, isAmbiguous: larger > 0 && Math.abs(low - high) < 0.05 * larger };
}

/** A projection as a map: an ambiguous sign is the one that goes with `Σ_k relu(A_k)`, and flagged. */
export function signedMap(
  projection: Float64Array,
  activations: Float32Array,
  k: number,
): Required<Pick<RawMap, "map" | "flags">> {
  const { isAmbiguous, isFlipped } = signed(projection);
  const positive = sumOverChannels(activations, activations, k, (_, a) => Math.max(0, a));
  const flip = isAmbiguous ? pearson(projection, positive) < 0 : isFlipped;
  return {
    map: Float32Array.from(projection, (value) => (flip ? -value : value)),
    flags: isAmbiguous ? ["sign-ambiguous"] : [],
  };
}
