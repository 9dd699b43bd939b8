import { describe, expect, it } from "vitest";
import { probeShapes } from "../../../test/support/probe-shapes.ts";
import type { BiasStructure } from "../../../shared/domain/structure.ts";
import { floatConstant } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { findBiasTerms } from "./bias-terms.ts";
import { pathTo } from "./taps.ts";

async function find(nodes: string): Promise<BiasStructure> {
  const graph = parseGraph(`
    x: f32[N, 2, 3, 3]
    ${nodes}
    return y`);
  const shapes = await probeShapes(graph, (batch) => {
    const values = Float32Array.from({ length: batch * 18 }, (_, i) => Math.sin(i));
    return new Map([["x", floatConstant(values, [batch, 2, 3, 3])]]);
  });
  return findBiasTerms(graph, shapes, pathTo(graph, shapes, "x", "y"), "x");
}

/** Each term as its value, dims and numbers to four digits. */
async function termsOf(nodes: string) {
  const found = await find(nodes);
  if (found.kind !== "explicit") throw new Error(`${found.op} is implicit`);
  return found.terms.map((term) =>
    term.kind === "constant"
      ? [term.value, term.dims, [...term.values].map((one) => Math.round(one * 1e4) / 1e4)]
      : [term.value, term.low, term.high],
  );
}

describe("what layers add", () => {
  it("is a convolution's bias per channel, a linear layer's times beta, an added constant", async () => {
    const terms = await termsOf(`
    const w: f32[2, 2, 1, 1]
    const m: f32[18, 3]
    z = Conv(x, w, f32[1, -2])
    a = Relu(z)
    flat = Flatten(a)
    g = Gemm(flat, m, f32[1, 2, 3]) { beta: 0.5 }
    s = Sub(f32[5], g)
    y = Add(s, f32[1, 0, 0])`);
    expect(terms).toEqual([
      ["z", [2, 1, 1], [1, -2]],
      ["g", [3], [0.5, 1, 1.5]],
      ["s", [1], [5]],
      ["y", [3], [1, 0, 0]],
    ]);
  });

  it("is β − γμ/√(σ² + ε) of a batch normalisation", async () => {
    // channel 0: 1 − 2·3/√4 = −2; channel 1: 0 − 1·1/√1 = −1
    const terms = await termsOf(`
    y = BatchNormalization(x, f32[2, 1], f32[1, 0], f32[3, 1], f32[4, 1]) { epsilon: 0.0 }`);
    expect(terms).toEqual([["y", [2, 1, 1], [-2, -1]]]);
  });

  it("is what a clip holds at its bounds, and nothing of a rectifier", async () => {
    const terms = await termsOf(`
    six = Clip(x, f32(0.0), f32(6.0))
    none = Clip(six, f32(0.0))
    y = Relu(none)`);
    expect(terms).toEqual([["six", 0, 6]]);
  });

  it("is nothing of pooling, sums, scaling, joining and biases of zero", async () => {
    const terms = await termsOf(`
    const w: f32[2, 2, 1, 1]
    z = Conv(x, w, f32[0, 0])
    p = MaxPool(z) { kernel_shape: [2, 2] }
    q = AveragePool(z) { kernel_shape: [2, 2] }
    s = Add(p, q)
    t = Mul(s, f32(3.0))
    j = Concat(t, s) { axis: 1 }
    y = GlobalAveragePool(j)`);
    expect(terms).toEqual([]);
  });

  it.each([
    ["Sigmoid", "y = Sigmoid(x)"],
    ["Mul", "s = Relu(x)\n y = Mul(x, s)"],
    ["HardSwish", "y = HardSwish(x)"],
    ["LayerNormalization", "y = LayerNormalization(x, f32[1, 1, 1])"],
    ["Erf", "y = Erf(x)"],
    ["Max", "y = Max(x, f32(1.0))"],
    ["Pad", "y = Pad(x, i64[0, 0, 1, 1, 0, 0, 1, 1], f32(2.0))"],
  ])("follows from no constant of %s", async (op, nodes) => {
    expect(await find(nodes)).toMatchObject({ kind: "implicit", op });
  });
});
