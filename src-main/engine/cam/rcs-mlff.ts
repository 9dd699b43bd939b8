import type { Tensor } from "../../../shared/domain/tensor.ts";
import { representativesOf, type Representative } from "../kernels/representatives.ts";
import { fusePairs, gateOnGrid, pairMaps, strengthOf } from "./fusion/fuse-pairs.ts";
import {
  isLayered,
  lastTwoResolutions,
  slopesAt,
  type LayerSlopes,
} from "./fusion/layer-slopes.ts";
import { linearGradients } from "./head.ts";
import { definePassMethod, type MapItem, type MapTools, type RawMap } from "./method.ts";
import type { TapFacts } from "./tap-facts.ts";

const mostRivals = 5;

/** Representatives by the rows of a model's last matrix, then by class: they do not depend on the picture. */
const known = new WeakMap<Tensor, Map<number, readonly Representative[]>>();

/**
 * RCS-MLFF, Meng et al. 2019, https://arxiv.org/abs/1901.07683, as a surrogate after training: the original trains a binary network
 * per pair of classes. The pair "c against r" that a softmax network already holds has the logit y_c − y_r, exactly.
 *
 *   r_1 … r_R     classes that represent the rivals of c: clusters of the rows of the last matrix
 *   G_r           d(y_c − y_r) / dA at the last layer and one resolution before it
 *   D_r           relu( Σ_k mean(G_k) A_k )                 last layer
 *   S_r           relu( Σ_k relu(G_k) ⊙ A_k )               finer layer, position by position
 *   D, S          max over r of N(D_r), N(S_r)              N: min-max; maps without evidence left out
 *   map           N( D ⊙ (1 + S) )                          on the layer's grid, as large as the strongest D_r
 *
 * The last factor keeps maps of two pictures comparable. A single output has no rival: its own score is mapped.
 */
export const rcsMlff = definePassMethod({
  id: "rcs-mlff",
  needs: ["activations"],
  uses: ["gradient", "read"],
  requires: (facts) => {
    const layers = layersAt(facts);
    return layers.length > 1 ? (facts.readingRefusal?.(layers) ?? null) : null;
  },
  forwards: (facts) => {
    const rivals = Math.max(1, Math.min(mostRivals, facts.classes - 1));
    if (layersAt(facts).length > 1) return 1 + 2 * rivals;
    return facts.head.weights ? 1 : 1 + 2 * rivals * facts.tailShare;
  },
  async map(tools, item): Promise<RawMap> {
    const { rivals, isClustered } = rivalsOf(item);
    const slopes = await slopesOf(tools, item, seedsOf(item, rivals));
    const maps = slopes.map((layer, i) => pairMaps(layer, i === 0));
    const [deep = []] = maps;
    const fused = maps.map((pairs, i) => ({
      map: fusePairs(pairs, "max"),
      h: slopes[i].layer.grid[1],
      w: slopes[i].layer.grid[2],
    }));
    return {
      map: gateOnGrid(fused, strengthOf(deep), [item.h, item.w]),
      notes: {
        clusteredClasses: Number(isClustered),
        layers: slopes.length,
        ...Object.fromEntries(rivals.map(({ index }, r) => [`rival${r + 1}`, index])),
      },
    };
  },
});

/** Classes that stand for the rivals; where the classifier shows no rows, the highest-scoring other ones of this picture. */
function rivalsOf(item: MapItem): { rivals: readonly Representative[]; isClustered: boolean } {
  const { logits, target } = item;
  const classes = logits.length;
  if (classes === 1) return { rivals: [], isClustered: false };
  const rows = item.structure.classRows() ?? item.headWeights;
  const rivals = rows ? clustered(rows, target) : [];
  if (rivals.length > 0) return { rivals, isClustered: true };
  const others = [...logits.keys()]
    .filter((c) => c !== target)
    .sort((a, b) => logits[b] - logits[a] || a - b);
  return {
    rivals: others.slice(0, mostRivals).map((index) => ({ index, size: 1 })),
    isClustered: false,
  };
}

function clustered(rows: Tensor, target: number): readonly Representative[] {
  const ofModel = known.get(rows) ?? new Map<number, readonly Representative[]>();
  known.set(rows, ofModel);
  const found =
    ofModel.get(target) ?? representativesOf(rows.data, rows.dims[0], target, mostRivals);
  ofModel.set(target, found);
  return found;
}

/** `y_c − y_r` for each rival; of a single output, its own score. */
function seedsOf(
  { seed, logits, target }: MapItem,
  rivals: readonly Representative[],
): Float32Array[] {
  if (rivals.length === 0) return [seed];
  return rivals.map(({ index }) => {
    const own = new Float32Array(logits.length);
    own[target] = 1;
    own[index] = -1;
    return own;
  });
}

/** Slopes of all pairs, coarsest layer first: by one reading, by closed form, or by one pass through the tail. */
async function slopesOf(
  tools: MapTools,
  item: MapItem,
  seeds: readonly Float32Array[],
): Promise<LayerSlopes[]> {
  const layers = isLayered(item.structure)
    ? lastTwoResolutions(item.structure.layers, item.tap.name)
    : [];
  if (layers.length > 1) return slopesAt(tools, item.image, layers, seeds);
  const { activations, k, h, w, headWeights } = item;
  const layer = { grid: [k, h, w] as const };
  if (headWeights) {
    const gradients = seeds.map((seed) => linearGradients(headWeights, seed, k, h * w));
    return [{ layer, activations, gradients }];
  }
  const [rows, size] = [seeds.length, k * h * w];
  const repeated = new Float32Array(rows * size);
  const all = new Float32Array(rows * seeds[0].length);
  seeds.forEach((seed, row) => {
    repeated.set(activations, row * size);
    all.set(seed, row * seed.length);
  });
  const { gradients } = await tools.tailGradient(
    { dims: [rows, k, h, w], data: repeated },
    { dims: [rows, seeds[0].length], data: all },
  );
  const rowOf = (row: number) => gradients.data.subarray(row * size, (row + 1) * size);
  return [{ layer, activations, gradients: seeds.map((_, row) => rowOf(row)) }];
}

function layersAt({ structure, tap }: TapFacts): readonly string[] {
  if (!isLayered(structure)) return [];
  return lastTwoResolutions(structure.layers, tap.name).map(({ name }) => name);
}
