import { describe, expect, it } from "vitest";
import { mapItem, mapTools } from "../../../test/support/map-item.ts";
import type { MapItem } from "./method.ts";
import { reciproCam } from "./recipro-cam.ts";

// recipro-cam.md, section 6, hand case: K = 2, 2×2, W = identity, b = 0, GAP
const activations = Float32Array.of(4, 0, 0, 0, 0, 0, 0, 4);

function item(changes: Partial<MapItem>): MapItem {
  return mapItem({
    activations,
    k: 2,
    h: 2,
    w: 2,
    logits: Float32Array.of(1, 1),
    seed: Float32Array.of(1, 0),
    ...changes,
  });
}

const tools = mapTools({
  forwardChunk: 1,
  tailChunk: 2,
  // GAP, then the identity
  async tail({ dims: [rows], data }: { dims: readonly number[]; data: Float32Array }) {
    const logits = Float32Array.from({ length: rows * 2 }, (_, i) => {
      const at = i * 4;
      return (data[at] + data[at + 1] + data[at + 2] + data[at + 3]) / 4;
    });
    return { dims: [rows, 2], data: logits };
  },
});

async function mapOf(changes: Partial<MapItem>): Promise<number[]> {
  if (!("map" in reciproCam)) throw new Error("Recipro-CAM orders passes");
  const made = await reciproCam.map(tools, item(changes));
  return [...(made instanceof Float32Array ? made : made.map)];
}

describe("Recipro-CAM", () => {
  it("stores the hand case as score minus the score of nothing", async () => {
    const map = await mapOf({});
    [0.2311, 0, 0, -0.2311].forEach((value, i) => expect(map[i]).toBeCloseTo(value, 4));
  });

  it("gives the same by the closed form of a pooled linear head", async () => {
    const map = await mapOf({
      headWeights: { dims: [2, 2], data: Float32Array.of(0.25, 0, 0, 0.25) },
      headBias: new Float32Array(2),
      isPooledLinear: true,
    });
    [0.2311, 0, 0, -0.2311].forEach((value, i) => expect(map[i]).toBeCloseTo(value, 4));
  });

  it("gathers neighbours with their own vectors on token grids, scored by logits", async () => {
    // pooled vectors of the hand case: (0,0) → (.25, .0625), (0,1) → (.125, .125)
    const map = await mapOf({ isTokens: true });
    expect(map[0]).toBeCloseTo(0.25, 6);
    expect(map[1]).toBeCloseTo(0.125, 6);
    const rival = await mapOf({ isTokens: true, seed: Float32Array.of(0, 1), target: 1 });
    expect(rival[0]).toBeCloseTo(0.0625, 6);
  });

  it("gives zeros for a dead map", async () => {
    expect(await mapOf({ activations: new Float32Array(8) })).toEqual([0, 0, 0, 0]);
  });
});
