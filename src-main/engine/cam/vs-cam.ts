import type { ModelStructure, VertexGraph } from "../../../shared/domain/structure.ts";
import { extent, meanPerChannel, weightedSum } from "../kernels/maps.ts";
import {
  handToListed,
  meanOverListed,
  mostSimilar,
  withSelf,
  type Neighbourhoods,
} from "../kernels/neighbourhoods.ts";
import { definePassMethod, type MapItem, type MapTools, type RawMap } from "./method.ts";
import { reciproCam } from "./recipro-cam.ts";

/** The parts of the method that its abstract leaves open, each to be corrected alone. */
export interface VertexSemantics {
  /** How many of the network's graphs are averaged, from the last one back. */
  readonly blocks: number;
  /** A probe is the neighbourhood of a vertex, or a channel (which needs no graph). */
  readonly probe: "neighbourhood" | "channel";
  /** The base map: Grad-CAM, or the score with one vertex left, which needs no gradient. */
  readonly base: "gradcam" | "recipro";
  /** Probes weighted by their response, or the base weighted by them. */
  readonly aggregate: "project" | "hadamard";
  /** Whether a vertex is divided by how often it is listed: without, hubs light up whatever the class. */
  readonly degreeNormalise: boolean;
}

export const vertexSemantics: VertexSemantics = {
  blocks: 1,
  probe: "neighbourhood",
  base: "gradcam",
  aggregate: "project",
  degreeNormalise: true,
};

/** Most similar positions that stand in for a graph where a model has none, each position among its own. */
const pseudoNeighbours = 9;

/**
 * VS-CAM, Feng et al. 2022, https://arxiv.org/abs/2209.09104, reconstructed from its abstract
 *
 *   B[p] = relu( sum over k of α_k F[k,p] ),  α_k = mean over p of dt / dF[k,p]     semantic base
 *   P[i,j] = 1 / |I_i| where vertex i lists j in the network's own last graph       semantic probes
 *   r = P B;  map = Pᵀ r / Pᵀ 1                                                     detect, aggregate
 *
 * The map is linear in B, so B is not scaled to a maximum of 1 as in the reconstruction: maps of two images stay comparable.
 * A model without a graph gets a pseudo-graph, the 9 positions most similar by cosine, and the notes say so.
 */
export const vsCam = definePassMethod({
  id: "vs-cam",
  needs: ["activations", "gradients"],
  uses: ["read"],
  forwards: ({ tap: { grid }, head, tailShare, structure }) =>
    (head.weights ? 1 : 1 + tailShare) + Math.min(1, graphsOn(structure, grid[1] * grid[2]).length),
  map: (tools, item) => vertexSemanticMap(tools, item, vertexSemantics),
});

/** The method with any of its parts exchanged. */
export async function vertexSemanticMap(
  tools: MapTools,
  item: MapItem,
  options: VertexSemantics,
): Promise<RawMap> {
  const base = await baseMap(tools, item, options);
  if (options.probe === "channel") return { map: throughChannels(item, base) };
  const graphs = graphsOn(item.structure, item.h * item.w).slice(-options.blocks);
  const blocks = graphs.length
    ? await readNeighbourhoods(tools, item, graphs)
    : [mostSimilar(item.activations, item.k, pseudoNeighbours)];
  return {
    map: Float32Array.from(throughNeighbourhoods(blocks, base, options)),
    notes: {
      pseudoGraph: Number(graphs.length === 0),
      neighbours: graphs.at(-1)?.kept.length ?? Math.min(pseudoNeighbours, base.length),
    },
  };
}

/** `Pᵀ P B` over the mean P of the blocks, `[n]`. */
export function throughNeighbourhoods(
  blocks: readonly Neighbourhoods[],
  base: ArrayLike<number>,
  { aggregate, degreeNormalise }: Pick<VertexSemantics, "aggregate" | "degreeNormalise">,
): Float64Array {
  const response = meanOf(blocks.map((lists) => meanOverListed(lists, base)));
  const sums = meanOf(blocks.map((lists) => handToListed(lists, response)));
  const ones = new Float64Array(base.length).fill(1);
  const degrees = meanOf(blocks.map((lists) => handToListed(lists, ones)));
  return sums.map((sum, j) => {
    const projected = !degreeNormalise ? sum : degrees[j] === 0 ? 0 : sum / degrees[j];
    return aggregate === "hadamard" ? base[j] * projected : projected;
  });
}

/** `relu( sum over k of a_k P_k )`: P_k a channel on 0..1, a_k its overlap with the base. */
function throughChannels({ activations, k }: MapItem, base: ArrayLike<number>): Float32Array {
  const n = activations.length / k;
  const map = new Float64Array(n);
  for (let channel = 0; channel < k; channel++) {
    const own = activations.subarray(channel * n, (channel + 1) * n);
    const [min, max] = extent(own);
    if (max === min) continue;
    const probe = Float64Array.from(own, (value) => (value - min) / (max - min));
    const overlap = probe.reduce((sum, value, p) => sum + value * base[p], 0);
    for (let p = 0; p < n; p++) map[p] += overlap * probe[p];
  }
  return Float32Array.from(map, (value) => Math.max(0, value));
}

async function baseMap(
  tools: MapTools,
  item: MapItem,
  { base }: VertexSemantics,
): Promise<Float32Array> {
  if (base === "gradcam") {
    const { activations, gradients, k } = item;
    return weightedSum(activations, meanPerChannel(gradients, k)).map((b) => Math.max(0, b));
  }
  if (!("map" in reciproCam)) throw new RangeError("Recipro-CAM orders passes");
  const made = await reciproCam.map(tools, item);
  const scores = made instanceof Float32Array ? made : made.map;
  const [min, max] = extent(scores);
  return scores.map((score) => (max === min ? 0 : (score - min) / (max - min)));
}

/** Graphs whose vertices are the places of a grid of n. */
function graphsOn({ isReadable, vertexGraphs }: ModelStructure, n: number): VertexGraph[] {
  return isReadable ? vertexGraphs.filter(({ vertices }) => vertices === n) : [];
}

async function readNeighbourhoods(
  tools: MapTools,
  item: MapItem,
  graphs: readonly VertexGraph[],
): Promise<Neighbourhoods[]> {
  const names = graphs.map(({ indices }) => indices);
  const { values } = await tools.read(item.image, names, null);
  return graphs.map(({ indices, vertices, kept }) => {
    const chosen = values.get(indices);
    if (!chosen) throw new RangeError(`"${indices}" was not read`);
    const width = chosen.data.length / vertices;
    return withSelf(
      Array.from({ length: vertices }, (_, i) =>
        Int32Array.from(kept, (column) => chosen.data[i * width + column]),
      ),
    );
  });
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(
    rows[0] ?? [],
    (_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length,
  );
}
