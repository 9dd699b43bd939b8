import { describe, expect, it } from "vitest";
import { swept } from "../../../test/support/swept.ts";
import { createRandom } from "../../../test/support/seeded.ts";
import { floatsOf } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";

/**
 * An independent sweep of a small VGG with batch normalisation, written down from the page's table in plain float64 loops:
 * 3×3 kernels, padding 1, 2×2 windows. Nothing of the compiler is used but the weights.
 */
interface Volume {
  readonly c: number;
  readonly h: number;
  readonly w: number;
  readonly at: Float64Array;
}

function volume(c: number, h: number, w: number, at = new Float64Array(c * h * w)): Volume {
  return { c, h, w, at };
}

/** Visits every product of a 3×3 convolution with padding 1: index of output, of input, of weight. */
function eachProduct(
  x: Volume,
  outputs: number,
  visit: (output: number, input: number, weight: number) => void,
) {
  const { c, h, w } = x;
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < c; i++)
      for (let y = 0; y < h; y++)
        for (let z = 0; z < w; z++)
          for (let dy = 0; dy < 3; dy++)
            for (let dz = 0; dz < 3; dz++) {
              const [r, s] = [y + dy - 1, z + dz - 1];
              if (r < 0 || s < 0 || r >= h || s >= w) continue;
              visit((o * h + y) * w + z, (i * h + r) * w + s, ((o * c + i) * 3 + dy) * 3 + dz);
            }
}

const plus = (x: number) => Math.max(x, 0);
const minus = (x: number) => Math.min(x, 0);
const get = (values: ArrayLike<number>, i: number) => values[i] ?? NaN;

function conv(x: Volume, weights: Float32Array, bias: Float32Array): Volume {
  const out = volume(bias.length, x.h, x.w);
  eachProduct(x, bias.length, (o, i, k) => (out.at[o]! += get(x.at, i) * get(weights, k))); // within
  out.at.forEach((_, o) => (out.at[o]! += get(bias, Math.floor(o / (x.h * x.w))))); // within
  return out;
}

function sweepConv(x: Volume, weights: Float32Array, relevance: Float64Array, isImage: boolean) {
  const outputs = weights.length / (9 * x.c);
  const [l, u] = [Math.min(...x.at), Math.max(...x.at)];
  const term = (i: number, k: number) => {
    const [a, b] = [get(x.at, i), get(weights, k)];
    return isImage ? a * b - l * plus(b) - u * minus(b) : plus(a) * plus(b) + minus(a) * minus(b);
  };
  const total = new Float64Array(outputs * x.h * x.w);
  eachProduct(x, outputs, (o, i, k) => (total[o]! += term(i, k))); // within
  const result = new Float64Array(x.at.length);
  eachProduct(x, outputs, (o, i, k) => {
    const y = get(total, o);
    if (Math.abs(y) > 1e-12) result[i]! += (get(relevance, o) / y) * term(i, k); // within
  });
  return result;
}

function sweepPool(x: Volume, relevance: Float64Array) {
  const result = new Float64Array(x.at.length);
  relevance.forEach((share, o) => {
    const [w2, h2] = [x.w / 2, x.h / 2];
    const [c, y, z] = [Math.floor(o / (w2 * h2)), Math.floor(o / w2) % h2, o % w2];
    const places = [0, 1, 2, 3].map((q) => (c * x.h + 2 * y + (q >> 1)) * x.w + 2 * z + (q & 1));
    const best = places.reduce((a, b) => (get(x.at, b) > get(x.at, a) ? b : a));
    if (get(x.at, best) > 0) result[best]! += share; // within
  });
  return result;
}

const graph = `
  p: f32[N, 3, 8, 8]
  const w1: f32[4, 3, 3, 3]
  const b1: f32[4]
  const s1 = f32[0.5, 1.5, -0.9, 1.1]
  const z1: f32[4]
  const m1: f32[4]
  const v1 = f32[1.0, 0.5, 2.0, 1.0]
  const w2: f32[5, 4, 3, 3]
  const b2: f32[5]
  const w3: f32[6, 5, 3, 3]
  const b3: f32[6]
  c1 = Conv(p, w1, b1) { pads: [1, 1, 1, 1] }
  n1 = BatchNormalization(c1, s1, z1, m1, v1)
  r1 = Relu(n1)
  q1 = MaxPool(r1) { kernel_shape: [2, 2], strides: [2, 2] }
  c2 = Conv(q1, w2, b2) { pads: [1, 1, 1, 1] }
  r2 = Relu(c2)
  c3 = Conv(r2, w3, b3) { pads: [1, 1, 1, 1] }
  r3 = Relu(c3)
  q3 = MaxPool(r3) { kernel_shape: [2, 2], strides: [2, 2] }
`;

describe("a VGG against plain loops", () => {
  it.each([11, 12, 13])("agrees at every layer down to the picture, seed %i", async (seed) => {
    const random = createRandom(seed);
    const numbers = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
    const [picture, components] = [numbers(192), numbers(24)];
    const constants = parseGraph(graph).constants;
    const weight = (name: string) => {
      const constant = constants.get(name);
      if (!constant) throw new Error(`no weight ${name}`);
      return floatsOf(constant);
    };
    const run = await swept({ graph, from: "q3", to: "p", picture, components });
    const volumeOf = (name: string, c: number, side: number) =>
      volume(c, side, side, Float64Array.from(run.values.get(name) ?? []));

    const x0 = volume(3, 8, 8, Float64Array.from(picture));
    const c1 = conv(x0, weight("w1"), weight("b1"));
    c1.at.forEach((value, i) => expect(run.values.get("c1")?.[i]).toBeCloseTo(value, 5));

    const atR3 = sweepPool(volumeOf("r3", 6, 4), Float64Array.from(components));
    const atR2 = sweepConv(volumeOf("r2", 5, 4), weight("w3"), atR3, false);
    const atQ1 = sweepConv(volumeOf("q1", 4, 4), weight("w2"), atR2, false);
    const atR1 = sweepPool(volumeOf("r1", 4, 8), atQ1);
    const atPicture = sweepConv(x0, weight("w1"), atR1, true);
    const expected: Record<string, Float64Array> = {
      r3: atR3,
      r2: atR2,
      q1: atQ1,
      r1: atR1,
      p: atPicture,
    };
    for (const [to, values] of Object.entries(expected)) {
      const { relevance } = await swept({ graph, from: "q3", to, picture, components });
      const largest = Math.max(...values.map(Math.abs));
      expect(largest).toBeGreaterThan(0.01);
      const worst = Math.max(...values.map((value, i) => Math.abs(value - get(relevance, i))));
      expect(worst / largest, to).toBeLessThan(1e-4);
    }
  });
});
