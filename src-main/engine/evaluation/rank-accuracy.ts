/** Share of the first `k` ranked pixels that lie in the mask: relevance rank accuracy for k = Σm, else top-k intersection. */
export function rankAccuracy(hottest: Int32Array, mask: Uint8Array, k: number): number {
  let inside = 0;
  for (let i = 0; i < k; i++) inside += mask[hottest[i]];
  return inside / k;
}
