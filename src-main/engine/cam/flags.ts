import type { MapFlag } from "../../../shared/domain/map-flag.ts";
import { extent, isFiniteArray } from "../kernels/maps.ts";

/** Flags of a raw map `[H,W]` that must be seen and never drawn as a plausible map. */
export function flagsOf(raw: Float32Array, h: number, w: number): readonly MapFlag[] {
  if (h === 1 && w === 1) return ["no-spatial-extent"];
  if (!isFiniteArray(raw)) return ["non-finite"];
  const [min, max] = extent(raw);
  if (max <= 0) return ["no-positive-evidence"];
  const spread = max - Math.max(0, min); // of the positive part
  return spread <= 1e-12 * Math.max(1, max) ? ["flat"] : [];
}

/** Whether a map with these flags is kept at all: zeros and constants are, broken numbers are not. */
export function isMap(flags: readonly MapFlag[]): boolean {
  return !flags.includes("non-finite") && !flags.includes("no-spatial-extent");
}
