/** Pixel values held against a drawn mask: what is above a threshold counts as marked, ties together. */
export interface PixelCurve {
  /** Share of background pixels marked at the highest threshold that marks at least `recall` of the mask. */
  falsePositiveRateAt(recall: number): number;
  /** Precision and recall at that threshold. */
  pointAt(recall: number): { readonly precision: number; readonly recall: number };
  /** Largest recall of any threshold at which precision is at least this; 0 where none is. */
  recallAtPrecision(precision: number): number;
}

/** The curve of `values` over `truth` (1 inside), same length; the mask must be neither empty nor everything. */
export function pixelCurve(values: ArrayLike<number>, truth: ArrayLike<number>): PixelCurve {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a]);
  const points: { readonly hits: number; readonly misses: number }[] = [];
  let [hits, misses] = [0, 0];
  order.forEach((pixel, rank) => {
    if (truth[pixel]) hits++;
    else misses++;
    const isLastOfTies = rank + 1 === order.length || values[order[rank + 1]] < values[pixel];
    if (isLastOfTies) points.push({ hits, misses });
  });
  const [inside, outside] = [hits, misses];
  const at = (recall: number) =>
    points.find((point) => point.hits >= recall * inside) ?? points[points.length - 1];
  return {
    falsePositiveRateAt: (recall) => at(recall).misses / outside,
    pointAt: (recall) => {
      const point = at(recall);
      return { precision: point.hits / (point.hits + point.misses), recall: point.hits / inside };
    },
    recallAtPrecision: (precision) => {
      const enough = points.filter((p) => p.hits / (p.hits + p.misses) >= precision);
      return Math.max(0, ...enough.map((point) => point.hits / inside));
    },
  };
}
