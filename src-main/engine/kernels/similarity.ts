/** Cosines that differ by less are the same: rounding must not choose between collinear channels. */
const tolerance = 1e-9;

/**
 * Groups of similar channels of `values [K,n]`: channel j is in the group of channel i where the cosine of the two lies above
 * the q-quantile (linear interpolation) of channel i's cosines with all. Dead channels have cosine 0 and an empty group; a
 * live one whose group came out empty, by ties, is in its own.
 */
export function groupsOf(values: Float32Array, k: number, q: number): Int32Array[] {
  const n = values.length / k;
  const units = new Float64Array(k * n);
  const isLive = new Uint8Array(k);
  for (let channel = 0; channel < k; channel++) {
    let square = 0;
    for (let p = channel * n; p < (channel + 1) * n; p++) square += values[p] ** 2;
    if (square === 0) continue;
    isLive[channel] = 1;
    const length = Math.sqrt(square);
    for (let p = channel * n; p < (channel + 1) * n; p++) units[p] = values[p] / length;
  }
  const cosines = new Float64Array(k);
  return Array.from({ length: k }, (_, i) => {
    if (!isLive[i]) return new Int32Array(0);
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let p = 0; p < n; p++) sum += units[i * n + p] * units[j * n + p];
      cosines[j] = sum;
    }
    const threshold = quantileOf(cosines, q) + tolerance;
    const group: number[] = [];
    for (let j = 0; j < k; j++) if (cosines[j] > threshold) group.push(j);
    return Int32Array.from(group.length > 0 ? group : [i]);
  });
}

/** The q-quantile, between neighbours by linear interpolation. */
function quantileOf(values: Float64Array, q: number): number {
  const sorted = values.slice().sort();
  const position = q * (sorted.length - 1);
  const low = Math.floor(position);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (position - low) * (sorted[high] - sorted[low]);
}
