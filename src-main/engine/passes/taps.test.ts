import { describe, expect, it } from "vitest";
import { parseGraph } from "../onnx/text.ts";
import { evaluate } from "../session/runtime.ts";
import { findShapes } from "./shapes.ts";
import { findTaps } from "./taps.ts";

async function tapsOf(text: string, dims: readonly number[]) {
  const graph = parseGraph(text);
  const input = { name: "x", type: "f32", dims, fixedBatch: null } as const;
  const shapes = await findShapes(graph, input, evaluate);
  return findTaps(graph, shapes, "x", graph.outputs[0]?.name ?? "");
}

const stem = `
  x: f32[N, 3, 8, 8]
  const w: f32[16, 3, 3, 3]
  c = Conv(x, w) { pads: [1, 1, 1, 1], strides: [2, 2] }
  r = Relu(c)
`; // r: [N,16,4,4]

describe("taps of convolutional networks", () => {
  it("takes what the pooling reads, after the activation, and not a Dropout", async () => {
    const [tap] = await tapsOf(
      `${stem}
       const v: f32[16, 5]
       d = Dropout(r)
       p = GlobalAveragePool(d)
       f = Flatten(p)
       y = MatMul(f, v)
       return y`,
      [3, 8, 8],
    );
    expect(tap).toMatchObject({ name: "r", grid: [16, 4, 4], reason: "pooling-input" });
  });

  it("steps back from class maps to the input of the convolution that made them", async () => {
    const taps = await tapsOf(
      `${stem}
       const v: f32[10, 16, 1, 1]
       m = Conv(r, v)
       a = Relu(m)
       p = GlobalAveragePool(a)
       y = Flatten(p)
       return y`,
      [3, 8, 8],
    );
    expect(taps.slice(0, 2)).toMatchObject([
      { name: "r", reason: "before-class-maps", isDefault: true },
      { name: "a", reason: "class-maps", isDefault: false },
    ]);
  });

  it("goes back over a last MaxPool, which only loses places", async () => {
    const [tap] = await tapsOf(
      `${stem}
       const v: f32[64, 5]
       p = MaxPool(r) { kernel_shape: [2, 2], strides: [2, 2] }
       f = Flatten(p)
       y = MatMul(f, v)
       return y`,
      [3, 8, 8],
    );
    expect(tap).toMatchObject({ name: "r", grid: [16, 4, 4] });
  });

  it("offers the end of each earlier stage, and passes over a grid of four places", async () => {
    const taps = await tapsOf(
      `${stem}
       const e: f32[48, 16, 1, 1]
       const v: f32[32, 48, 3, 3]
       wide = Conv(r, e)
       const h: f32[32, 5]
       s = Conv(wide, v) { pads: [1, 1, 1, 1], strides: [2, 2] }
       p = GlobalAveragePool(s)
       f = Flatten(p)
       y = MatMul(f, h)
       return y`,
      [3, 8, 8],
    );
    expect(taps).toMatchObject([
      { name: "r", reason: "earlier-resolution", isDefault: true },
      { name: "s", grid: [32, 2, 2], reason: "pooling-input" },
    ]);
  });

  it("flags a tap that only a normalisation over channels reads, and offers the norm", async () => {
    const taps = await tapsOf(
      `${stem}
       const g: f32[16]
       const v: f32[32, 16, 2, 2]
       const h: f32[32, 5]
       t = Transpose(r) { perm: [0, 2, 3, 1] }
       l = LayerNormalization(t, g) { axis: -1 }
       b = Transpose(l) { perm: [0, 3, 1, 2] }
       s = Conv(b, v) { strides: [2, 2] }
       p = GlobalAveragePool(s)
       f = Flatten(p)
       y = MatMul(f, h)
       return y`,
      [3, 8, 8],
    );
    expect(taps.slice(0, 2)).toMatchObject([
      { name: "r", isScaleFree: true, layout: "channels-first" },
      { name: "l", isScaleFree: false, layout: "channels-last", reason: "normalised" },
    ]);
  });

  it("finds none where nothing has a height and a width", async () => {
    expect(
      await tapsOf(
        "x: f32[N, 1, 2, 2]\nconst w: f32[4, 3]\nf = Flatten(x)\ny = MatMul(f, w)\nreturn y",
        [1, 2, 2],
      ),
    ).toEqual([]);
  });
});

/** One block over tokens; `pick` says what reaches the head. */
const transformer = (concat: string, pick: string) => `
  x: f32[N, 3, 8, 12]
  const w: f32[16, 3, 4, 4]
  const q: f32[16, 16]
  const k: f32[16, 16]
  const v: f32[16, 16]
  const m: f32[16, 16]
  const g: f32[16]
  const h: f32[16, 5]
  c = Conv(x, w) { strides: [4, 4] }
  r = Reshape(c, i64[0, 16, 6])
  patches = Transpose(r) { perm: [0, 2, 1] }
  ${concat}
  norm1 = LayerNormalization(t, g) { axis: -1 }
  q1 = MatMul(norm1, q)
  k1 = MatMul(norm1, k)
  v1 = MatMul(norm1, v)
  kt = Transpose(k1) { perm: [0, 2, 1] }
  s = MatMul(q1, kt)
  a = Softmax(s) { axis: -1 }
  o = MatMul(a, v1)
  res = Add(t, o)
  norm2 = LayerNormalization(res, g) { axis: -1 }
  mlp = MatMul(norm2, m)
  out = Add(res, mlp)
  ${pick}
  y = MatMul(z, h)
  return y`;

describe("taps of token networks", () => {
  it("takes the input of the last attention, and puts tokens back on a grid that is not square", async () => {
    const [tap] = await tapsOf(
      transformer("t = Identity(patches)", "z = ReduceMean(out, i64[1]) { keepdims: 0 }"),
      [3, 8, 12],
    );
    expect(tap).toMatchObject({
      name: "norm1",
      grid: [16, 2, 3],
      layout: "tokens",
      prefixTokens: 0,
      reason: "tokens-before-attention",
    });
  });

  it("leaves off prefix tokens, however many", async () => {
    const concat = `
      const cls: f32[1, 2, 16]
      b = Shape(patches) { start: 0, end: 1 }
      n = Concat(b, i64[1, 1]) { axis: 0 }
      e = Expand(cls, n)
      t = Concat(e, patches) { axis: 1 }`;
    const taps = await tapsOf(
      transformer(concat, "z = Gather(out, i64(0)) { axis: 1 }"),
      [3, 8, 12],
    );
    expect(taps).toMatchObject([{ name: "norm1", grid: [16, 2, 3], prefixTokens: 2 }]);
  });
});
