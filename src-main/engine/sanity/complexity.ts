import { extent } from "../kernels/maps.ts";

const bins = 100;

/** Entropy in nats of a histogram of the map's values, 100 bins from its smallest to its largest; 0 for a constant. */
export function histogramEntropy(map: Float32Array): number {
  const [low, high] = extent(map);
  if (!(high > low)) return 0;
  const counts = new Float64Array(bins);
  for (const value of map)
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))] += 1;
  let entropy = 0;
  for (const count of counts)
    if (count > 0) entropy -= (count / map.length) * Math.log(count / map.length);
  return entropy;
}

/**
 * Efficient randomisation test, Hedström et al. 2023: how much more complex a map is once weights are random,
 * `(ξ(random) − ξ(original)) / ξ(original)`; null where the original has no complexity.
 */
export function complexityRise(original: Float32Array, random: Float32Array): number | null {
  const before = histogramEntropy(original);
  return before > 0 ? (histogramEntropy(random) - before) / before : null;
}
