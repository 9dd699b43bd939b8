import { extent } from "../kernels/maps.ts";

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
