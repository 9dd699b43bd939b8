/** A pixel that belongs to no side: between the thresholds, or not seen by the model. */
export const ignoreLabel = 255;

/** How background is told from objects (`wsss.md` 2a and 2b). */
export type Background =
  | { readonly kind: "threshold"; readonly value: number }
  | { readonly kind: "power"; readonly value: number };

/** A plane of background in front of class maps `[n]`: constant θ, or `(1 − max_k M_k)^α`. */
export function withBackground(
  maps: readonly Float32Array[],
  n: number,
  background: Background,
): Float32Array[] {
  const plane = new Float32Array(n);
  if (background.kind === "threshold") plane.fill(background.value);
  else
    for (let p = 0; p < n; p++) {
      let most = 0;
      for (const map of maps) most = Math.max(most, map[p]);
      plane[p] = Math.max(0, 1 - most) ** background.value;
    }
  return [plane, ...maps];
}

/** Index of the largest plane per pixel; the first on ties, which is background. */
export function argMaxPlanes(planes: readonly Float32Array[]): Uint8Array {
  const n = planes[0]?.length ?? 0;
  const labels = new Uint8Array(n);
  for (let p = 0; p < n; p++) {
    let best = planes[0][p];
    for (let k = 1; k < planes.length; k++)
      if (planes[k][p] > best) {
        best = planes[k][p];
        labels[p] = k;
      }
  }
  return labels;
}

/**
 * Labels that are sure (`wsss.md` 2c): the class where the labels of the high threshold show one, background where those of the
 * low threshold show none, 255 between.
 */
export function confidentLabels(high: Uint8Array, low: Uint8Array): Uint8Array {
  return high.map((label, p) => (label > 0 ? label : low[p] === 0 ? 0 : ignoreLabel));
}
