import { describe, expect, it } from "vitest";
import { mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import { seededNumbers } from "../../../test/support/toy-session.ts";
import type { MapItem } from "./method.ts";
import { vertexSemanticMap, vertexSemantics, vsCam, type VertexSemantics } from "./vs-cam.ts";

/** Blocks of a network that list these neighbours, each vertex's row by row. */
function network(...blocks: readonly (readonly (readonly number[])[])[]) {
  const vertexGraphs = blocks.map((lists, b) => ({
    indices: `block${b}`,
    vertices: lists.length,
    kept: [...(lists[0] ?? []).keys()],
  }));
  const structure = { ...mapItem(tiny).structure, isReadable: true, vertexGraphs };
  const tools = mapTools({
    read: async (_, names) => ({
      logits: { dims: [1, 1], data: Float32Array.of(1) },
      values: new Map(
        names.map((name) => {
          const lists = blocks[Number(name.slice("block".length))];
          const data = Float32Array.from(lists.flat());
          return [name, { dims: [1, lists.length, data.length / lists.length], data }];
        }),
      ),
      gradients: new Map(),
    }),
  });
  return { structure, tools };
}

const tiny = { activations: Float32Array.of(0, 0, 0, 0), k: 1, h: 2, w: 2 };

/** Four vertices on a 2×2 grid whose base map is `base`: one channel, whose gradient is 1 everywhere. */
function itemOf(base: readonly number[], changes: Partial<MapItem> = {}): MapItem {
  const activations = Float32Array.from(base);
  const gradients = new Float32Array(base.length).fill(1);
  return mapItem({ ...tiny, activations, gradients, ...changes });
}

async function mapOf(
  lists: readonly (readonly number[])[],
  base: readonly number[],
  options: Partial<VertexSemantics> = {},
): Promise<number[]> {
  const { structure, tools } = network(lists);
  const item = itemOf(base, { structure });
  return [...(await vertexSemanticMap(tools, item, { ...vertexSemantics, ...options })).map];
}

const pairs = [
  [0, 1],
  [1, 0],
  [2, 3],
  [3, 2],
];
/** vs-cam.md 6.2: vertex 1 is listed by three, vertex 0 by itself alone. */
const hub = [
  [0, 1],
  [1, 2],
  [2, 1],
  [3, 1],
];
const raw = { degreeNormalise: false };

describe("VS-CAM", () => {
  it("shares evidence within two pairs: hand case 1", async () => {
    expect(await mapOf(pairs, [1, 0, 0, 0])).toEqual([0.5, 0.5, 0, 0]);
  });

  it("damps a hub by how often it is listed: hand case 2", async () => {
    expect(await mapOf(hub, [1, 0, 0, 1], raw)).toEqual([0.25, 0.5, 0, 0.25]);
    expect(await mapOf(hub, [1, 0, 0, 1])).toEqual([0.5, 0.25, 0, 0.5]);
  });

  it("is Grad-CAM where vertices list themselves alone", async () => {
    expect(await mapOf([[0], [1], [2], [3]], [0.25, 0, 1, 0.5])).toEqual([0.25, 0, 1, 0.5]);
  });

  it("is flat where all list all", async () => {
    const all = [0, 1, 2, 3];
    expect(await mapOf([all, all, all, all], [1, 0, 0, 0])).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it("is constant of a constant base, and the column sums without degrees", async () => {
    expect(await mapOf(hub, [1, 1, 1, 1])).toEqual([1, 1, 1, 1]);
    expect(await mapOf(hub, [1, 1, 1, 1], raw)).toEqual([0.5, 2, 1, 0.5]);
  });

  it("exchanges nothing between groups and stays within the base's values", async () => {
    const map = await mapOf(pairs, [0.75, 0.25, 0, 0]);
    expect(map).toEqual([0.5, 0.5, 0, 0]);
    for (const value of await mapOf(hub, [0.25, 1, 0.5, 0.75])) {
      expect(value).toBeGreaterThanOrEqual(0.25);
      expect(value).toBeLessThanOrEqual(1);
    }
  });

  it("moves with its vertices when they are renumbered", async () => {
    const to = [2, 0, 3, 1];
    const base = [0.25, 1, 0.5, 0.75];
    const moved: number[][] = [];
    const movedBase: number[] = [];
    hub.forEach((list, i) => {
      moved[to[i]] = list.map((j) => to[j]);
      movedBase[to[i]] = base[i];
    });
    const expected = await mapOf(hub, base);
    const map = await mapOf(moved, movedBase);
    expected.forEach((value, i) => expect(map[to[i]]).toBeCloseTo(value, 6));
  });

  it("takes what speaks against the class as nothing, and is zero where nothing speaks for it", async () => {
    expect(await mapOf(pairs, [1, -1, 0, 0])).toEqual([0.5, 0.5, 0, 0]);
    expect(await mapOf(pairs, [-1, -2, -3, -4])).toEqual([0, 0, 0, 0]);
  });

  it("adds a vertex to its own list where a tie has left it out", async () => {
    // vertex 0 lists 0 and 1 then: r = (.5, .5, 0, 0) and all of it stays in the pair
    expect(await mapOf([[1], [0], [2], [3]], [1, 0, 0, 0])).toEqual([0.5, 0.5, 0, 0]);
  });

  it("averages the matrices of several blocks", async () => {
    const { structure, tools } = network(
      [[0], [1], [2], [3]],
      [
        [0, 1],
        [1, 0],
        [2, 3],
        [3, 2],
      ],
    );
    const item = itemOf([1, 0, 0, 0], { structure });
    const both = await vertexSemanticMap(tools, item, { ...vertexSemantics, blocks: 2 });
    // P = ¾ on the diagonal, ¼ within the pair: r = (¾, ¼), Pᵀ r = (10/16, 6/16)
    expect([...both.map]).toEqual([0.625, 0.375, 0, 0]);
    expect([...(await passMap(vsCam, tools, item)).map]).toEqual([0.5, 0.5, 0, 0]);
  });

  it("lets probes re-weight the base alone, as an option", async () => {
    expect(await mapOf(pairs, [1, 0, 0, 0], { ...raw, aggregate: "hadamard" })).toEqual([
      0.5, 0, 0, 0,
    ]);
  });

  it("takes channels for probes, as an option without a graph", async () => {
    const activations = Float32Array.of(2, 0, 0, 0, 0, 0, 4, 0);
    const gradients = Float32Array.of(1, 1, 1, 1, 0, 0, 0, 0); // the base is channel 0
    const item = mapItem({ activations, gradients, k: 2, h: 2, w: 2 });
    const made = await vertexSemanticMap(mapTools({}), item, {
      ...vertexSemantics,
      probe: "channel",
    });
    expect([...made.map]).toEqual([2, 0, 0, 0]);
  });

  it("takes the score with one vertex left for a base, as an option without a gradient", async () => {
    const { structure, tools } = network(pairs);
    const item = itemOf([3, 1, 0, 0], {
      structure,
      gradients: new Float32Array(0),
      isTokens: false,
      headWeights: { dims: [1, 1], data: Float32Array.of(1) },
      headBias: Float32Array.of(0),
      isPooledLinear: true,
    });
    const options = { ...vertexSemantics, base: "recipro" } as const;
    // scores 3, 1, 0, 0 on 0..1: 1, 1/3, 0, 0; each pair keeps its mean
    const { map } = await vertexSemanticMap(tools, item, options);
    [2 / 3, 2 / 3, 0, 0].forEach((value, i) => expect(map[i]).toBeCloseTo(value, 6));
  });
});

describe("VS-CAM without a graph", () => {
  it("builds a pseudo-graph of the most similar positions, and says so", async () => {
    // two kinds of positions, ten of each: the nine most similar are of the same kind
    const n = 20;
    const activations = new Float32Array(2 * n);
    for (let p = 0; p < n; p++) activations[(p % 2) * n + p] = 1 + p;
    const gradients = Float32Array.from({ length: 2 * n }, (_, i) => (i < n ? 1 : 0));
    const item = mapItem({ activations, gradients, k: 2, h: 4, w: 5 });
    const { map, notes } = await passMap(vsCam, mapTools({}), item);
    expect(notes).toEqual({ pseudoGraph: 1, neighbours: 9 });
    for (let p = 0; p < n; p++) expect(map[p] > 0).toBe(p % 2 === 0);
  });

  it("does not read the network where its graph is of another grid", async () => {
    const { structure } = network([[0], [1]]);
    const activations = seededNumbers(4 * 3, 1);
    const gradients = new Float32Array(12).fill(1);
    const item = mapItem({ activations, gradients, k: 3, h: 2, w: 2, structure });
    const { notes } = await passMap(vsCam, mapTools({}), item);
    expect(notes).toEqual({ pseudoGraph: 1, neighbours: 4 });
  });
});
