import { averageOver } from "../kernels/area.ts";
import { kMeans } from "../kernels/k-means.ts";
import { extent } from "../kernels/maps.ts";
import { argMax, dot, softmax } from "../kernels/scores.ts";
import { logitsOf, maskFrom, sizesOf, writeMasked } from "./masked-inputs.ts";
import { definePassMethod, type MapItem } from "./method.ts";

const mostClusters = 10;
/** Channels whose activations differ by less are dead: a blank mask would pass for the scissors. */
const leastRange = 1e-7;

/**
 * Cluster-CAM, Feng et al. 2023, https://arxiv.org/abs/2302.01642; reconstructed, its full text was not at hand
 *
 *   clusters of channels by k-means, m = 10;  M_q = mean of A_k over cluster q
 *   S_q = min-max( M_q enlarged to the input );  p_q = softmax(y(x ⊙ S_q))_c
 *   map = S_b − S_s,  b: the best p (cognition base), s: the worst (cognition scissors)
 *
 * Nothing is random. The map is made at the input's size and kept signed, averaged over the cells of the tap. Where base and
 * scissors are one, or nothing of the base is left, the map is S_b (noted).
 */
export const clusterCam = definePassMethod({
  id: "cluster-cam",
  needs: ["activations"],
  forwards: ({ tap }) => 1 + Math.min(mostClusters, tap.grid[0]),
  async map(tools, item) {
    const { h, w, seed } = item;
    const { height, width } = sizesOf(item);
    const masks = clusterMaps(item)
      .filter((map) => isContrasting(map))
      .map((map) => maskFrom(map, item));
    if (masks.length === 0)
      return { map: new Float32Array(h * w), notes: { clusters: 0, baseAlone: 0 } };
    const logits = await logitsOf(tools, item, masks.length, (index, out) =>
      writeMasked(item, masks[index], out),
    );
    // one output: its softmax would be 1 whatever it says
    const scores = logits.map((row) => dot(seed, row.length === 1 ? row : softmax(row)));
    const [base, scissors] = [argMax(scores), argMax(scores.map((score) => -score))];
    const merged = mergeMasks(masks[base], masks[scissors]);
    return {
      map: averageOver(merged ?? masks[base], [height, width], [h, w]),
      notes: { clusters: masks.length, baseAlone: Number(merged === null) },
    };
  },
});

/** `S_b − S_s`; null where the two are one or nothing of the base is left. */
export function mergeMasks(base: Float32Array, scissors: Float32Array): Float32Array | null {
  const merged = base.map((value, p) => value - scissors[p]);
  return base !== scissors && extent(merged)[1] > 0 ? merged : null;
}

/** Mean activations of each cluster of live channels, `[n]` each. */
export function clusterMaps({ activations, k, h, w }: MapItem): Float64Array[] {
  const n = h * w;
  const rows = Array.from({ length: k }, (_, channel) =>
    activations.subarray(channel * n, (channel + 1) * n),
  ).filter((row) => isContrasting(row));
  const { labels, count } = kMeans(rows, mostClusters);
  const sizes = new Int32Array(count);
  for (const label of labels) sizes[label]++;
  const maps = Array.from({ length: count }, () => new Float64Array(n));
  rows.forEach((row, r) => {
    for (let p = 0; p < n; p++) maps[labels[r]][p] += row[p] / sizes[labels[r]];
  });
  return maps;
}

function isContrasting(values: ArrayLike<number>): boolean {
  const [min, max] = extent(values);
  return max - min >= leastRange;
}
