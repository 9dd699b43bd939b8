import type { MethodFacts } from "../domain/method-facts.ts";

/**
 * A raw map as it is measured: as stored where 0 means no evidence; where 0 means nothing (`none`), its smallest value is
 * taken off first, so that the least of the map counts as no evidence. `null` stays.
 */
export function fromZero<M extends Float32Array | null>(map: M, zero: MethodFacts["zero"]): M;
export function fromZero(map: Float32Array | null, zero: MethodFacts["zero"]): Float32Array | null {
  if (map === null || zero !== "none") return map;
  const least = map.reduce((min, value) => Math.min(min, value), Infinity);
  return map.map((value) => value - least);
}
