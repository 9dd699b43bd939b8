import { describe, expect, it } from "vitest";
import { byRow, mapItem, mapTools, passMap } from "../../../test/support/map-item.ts";
import type { MapItem } from "./method.ts";
import { shapleyCam } from "./shapley-cam.ts";

/** Two channels on 1×2 and three classes; `hidden` is a layer with ReLU before the classifier, or none. */
const activations = Float32Array.of(0.9, 0.3, 0.2, 1.4);
const pooled = [0.6, 0.8];
const hidden = [
  [1.2, -0.4],
  [-0.7, 0.9],
  [0.5, -1.1], // off at these activations
];
const classifier = [
  [0.8, -0.5],
  [-0.3, 1.1],
  [0.4, 0.6],
];
const wide = [
  [0.8, -0.5, 0.7],
  [-0.3, 1.1, -0.2],
  [0.4, 0.6, 0.9],
];
const bias = [0.1, -0.2, 0.3];

const times = (matrix: readonly (readonly number[])[], vector: readonly number[]) =>
  matrix.map((row) => row.reduce((sum, own, i) => sum + own * vector[i], 0));
const logitsOf = (means: readonly number[], isDeep: boolean) =>
  (isDeep
    ? times(
        wide,
        times(hidden, means).map((x) => Math.max(0, x)),
      )
    : times(classifier, means)
  ).map((y, c) => y + bias[c]);

/** `t = y_c + log p_c`, in double precision. */
function rest(means: readonly number[], isDeep: boolean, c: number): number {
  const y = logitsOf(means, isDeep);
  return 2 * y[c] - Math.log(y.reduce((sum, own) => sum + Math.exp(own), 0));
}

/**
 * `w_k = mean_ij(∇t − ½ ∇²t·A)_k` by differences of `t` alone. With pooling `t` reads the channel means m, so that
 * `∂t/∂A_k[i,j] = (∂t/∂m_k) / n` and `(∇²t·A)_k[i,j] = (∂²t/∂m²·m)_k / n`.
 */
function weightsByDifferences(isDeep: boolean, c: number): number[] {
  const step = 1e-4;
  const slope = (k: number, scale: number) => {
    const at = (d: number) =>
      rest(
        pooled.map((m, i) => m * scale + (i === k ? d : 0)),
        isDeep,
        c,
      );
    return (at(step) - at(-step)) / (2 * step);
  };
  return pooled.map((_, k) => {
    const curvature = (slope(k, 1 + step) - slope(k, 1 - step)) / (2 * step);
    return (slope(k, 1) - 0.5 * curvature) / 2; // n = 2
  });
}

function itemFor(isDeep: boolean, c: number, changes: Partial<MapItem> = {}) {
  return mapItem({
    activations,
    k: 2,
    h: 1,
    w: 2,
    logits: Float32Array.from(logitsOf(pooled, isDeep)),
    seed: Float32Array.from([0, 1, 2], (own) => Number(own === c)),
    target: c,
    ...changes,
  });
}

const pooledMeans = (row: Float32Array) => [(row[0] + row[1]) / 2, (row[2] + row[3]) / 2];

const tools = mapTools({
  tail: byRow((row) => logitsOf(pooledMeans(row), true)),
  tailGradient: async (moved, { data: seeds }) => {
    const rows = moved.dims[0];
    const slopes = Array.from({ length: rows }, (_, m) => {
      const means = pooledMeans(moved.data.subarray(4 * m, 4 * m + 4));
      const seed = seeds.subarray(3 * m, 3 * m + 3);
      const open = times(hidden, means).map((x) => Number(x > 0));
      return means.flatMap((_, k) => {
        const slope = hidden.reduce(
          (sum, row, j) =>
            sum + open[j] * row[k] * wide.reduce((all, own, c) => all + seed[c] * own[j], 0),
          0,
        );
        return [slope / 2, slope / 2];
      });
    });
    const logits = await byRow((row) => logitsOf(pooledMeans(row), true))(moved);
    return { logits, gradients: { dims: moved.dims, data: Float32Array.from(slopes.flat()) } };
  },
});

function expectWeighted(map: Float32Array, weights: readonly number[], digits: number) {
  [0, 1].forEach((p) =>
    expect(map[p]).toBeCloseTo(
      weights[0] * activations[p] + weights[1] * activations[2 + p],
      digits,
    ),
  );
}

describe("ShapleyCAM", () => {
  it.each([0, 1, 2])("has the closed form of a pooled linear head, class %i", async (c) => {
    // w = (2 W_c − pᵀW) / n + (1 / 2n) Wᵀ (diag p − p pᵀ) (W ā), base-methods.md 1.1
    const y = logitsOf(pooled, false);
    const total = y.reduce((sum, own) => sum + Math.exp(own), 0);
    const p = y.map((own) => Math.exp(own) / total);
    const slopes = times(classifier, pooled);
    const mean = slopes.reduce((sum, own, d) => sum + p[d] * own, 0);
    const weights = pooled.map((_, k) =>
      classifier.reduce(
        (sum, row, d) => sum + (row[k] * (-p[d] + 0.5 * p[d] * (slopes[d] - mean))) / 2,
        classifier[c][k],
      ),
    );
    const headWeights = { dims: [3, 2], data: Float32Array.from(classifier.flat(), (x) => x / 2) };
    const item = itemFor(false, c, { headWeights, headBias: Float32Array.from(bias) });
    const { map } = await passMap(shapleyCam, mapTools({}), item);
    expectWeighted(map, weights, 6);
    weightsByDifferences(false, c).forEach((own, k) => expect(own).toBeCloseTo(weights[k], 5));
  });

  it.each([0, 1, 2])("has the Hessian of a two-layer head by differences, class %i", async (c) => {
    const { map } = await passMap(shapleyCam, tools, itemFor(true, c));
    expectWeighted(map, weightsByDifferences(true, c), 3);
  });

  it("is Grad-CAM with one output, whose softmax would be 1", async () => {
    const headWeights = { dims: [1, 2], data: Float32Array.of(0.5, -1) };
    const item = mapItem({
      activations,
      k: 2,
      h: 1,
      w: 2,
      headWeights,
      headBias: Float32Array.of(0.4),
      seed: Float32Array.of(-1),
    });
    expectWeighted((await passMap(shapleyCam, mapTools({}), item)).map, [-0.5, 1], 6);
  });
});
