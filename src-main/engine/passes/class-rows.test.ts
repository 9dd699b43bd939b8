import { describe, expect, it } from "vitest";
import { floatsOf } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { evaluate } from "../session/runtime.ts";
import { findClassRows } from "./class-rows.ts";
import { findShapes } from "./shapes.ts";

async function rowsOf(text: string, dims: readonly number[] = [4]) {
  const graph = parseGraph(text);
  const input = { name: "x", type: "f32", dims, fixedBatch: null } as const;
  const shapes = await findShapes(graph, input, evaluate);
  const rows = findClassRows(graph, shapes, graph.outputs[0]?.name ?? "", 3);
  const weight = graph.constants.get("w");
  return { rows, weight: weight ? [...floatsOf(weight)] : [] };
}

describe("rows of the last matrix", () => {
  it("are those of a Gemm that holds a row per class", async () => {
    const { rows, weight } = await rowsOf(`
      x: f32[N, 4]
      const w: f32[3, 4]
      const b: f32[3]
      y = Gemm(x, w, b) { transB: 1 }
      return y`);
    expect(rows?.dims).toEqual([3, 4]);
    expect([...(rows?.data ?? [])]).toEqual(weight);
  });

  it("are the columns of a MatMul, whatever is added to its result and however it is laid out", async () => {
    const { rows, weight } = await rowsOf(`
      x: f32[N, 4]
      const w: f32[4, 3]
      const b: f32[3]
      m = MatMul(x, w)
      s = Mul(m, f32(0.5))
      a = Add(b, s)
      y = Reshape(a, i64[-1, 3])
      return y`);
    for (let c = 0; c < 3; c++)
      for (let i = 0; i < 4; i++) expect(rows?.data[c * 4 + i]).toBe(weight[i * 3 + c]);
  });

  it("are the kernels of a 1×1 convolution that pooling follows", async () => {
    const { rows, weight } = await rowsOf(
      `
      x: f32[N, 4, 5, 5]
      const w: f32[3, 4, 1, 1]
      c = Conv(x, w)
      r = Relu(c)
      p = GlobalAveragePool(r)
      y = Flatten(p)
      return y`,
      [4, 5, 5],
    );
    expect(rows?.dims).toEqual([3, 4]);
    expect([...(rows?.data ?? [])]).toEqual(weight);
  });

  it("are none behind a product of activations or a scale of each class's own", async () => {
    const product = await rowsOf(`
      x: f32[N, 4]
      const w: f32[4, 3]
      m = MatMul(x, w)
      y = Mul(m, m)
      return y`);
    expect(product.rows).toBeNull();
    const scaled = await rowsOf(`
      x: f32[N, 4]
      const w: f32[4, 3]
      const s: f32[3]
      m = MatMul(x, w)
      y = Mul(m, s)
      return y`);
    expect(scaled.rows).toBeNull();
  });
});
