import { describe, expect, it } from "vitest";
import { floatsOf } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { findFixedWeights, findWeightLayers, replaceWeights } from "./weight-layers.ts";

const network = parseGraph(`
  x: f32[N, 1, 4, 4]
  const w1 = f32[[[[1]]], [[[2]]]]
  const b1 = f32[3, 4]
  const s = f32[1, 1]
  const m = f32[0, 5]
  const w2 = f32[[1, 0], [0, 1], [1, 1]]
  a = Conv(x, w1, b1)
  n = BatchNormalization(a, s, m, m, s)
  p = GlobalAveragePool(n)
  f = Flatten(p)
  y = Gemm(f, w2, _) { transB: 1 }
  return y
`);

describe("layers with weights", () => {
  it("are listed from the output to the input, with what each tensor is", () => {
    const layers = findWeightLayers(network);
    expect(layers.map(({ op }) => op)).toEqual(["Gemm", "BatchNormalization", "Conv"]);
    expect(layers.map(({ tensors }) => tensors.map(({ name, role }) => `${name} ${role}`))).toEqual(
      [["w2 kernel"], ["s statistic", "m statistic"], ["w1 kernel", "b1 bias"]],
    );
  });

  it("take other values under the same name, and nothing else changes", () => {
    const changed = replaceWeights(network, new Map([["b1", Float32Array.of(9, 8)]]));
    expect([...floatsOf(changed.constants.get("b1")!)]).toEqual([9, 8]); // just put there
    expect(changed.constants.get("b1")?.dims).toEqual([2]);
    expect(changed.nodes).toEqual(network.nodes);
    expect(changed.constants.get("w1")).toBe(network.constants.get("w1"));
    expect(network.constants.get("b1")).not.toBe(changed.constants.get("b1"));
  });

  it("refuse a change of another size, and of what is no weight", () => {
    expect(() => replaceWeights(network, new Map([["b1", new Float32Array(3)]]))).toThrow("b1");
    expect(() => replaceWeights(network, new Map([["a", new Float32Array(3)]]))).toThrow('"a"');
  });

  it("are dequantised where the file holds integers, channel by channel", () => {
    const quantised = parseGraph(`
      x: f32[N, 2, 4, 4]
      const q = i8[[[[10]], [[-20]]], [[[1]], [[2]]]]
      const scale = f32[0.5, 2]
      const zero = i8[0, 1]
      w = DequantizeLinear(q, scale, zero) { axis: 0 }
      y = Conv(x, w)
      return y
    `);
    const [layer] = findWeightLayers(quantised);
    expect(layer?.tensors[0]?.name).toBe("w");
    expect([...(layer?.tensors[0]?.values() ?? [])]).toEqual([5, -10, 0, 2]);
    const changed = replaceWeights(quantised, new Map([["w", Float32Array.of(1, 2, 3, 4)]]));
    expect(changed.nodes.map(({ op }) => op)).toEqual(["Conv"]);
    expect(changed.constants.get("w")).toMatchObject({ type: "f32", dims: [2, 2, 1, 1] });
  });

  it("that are fused into an integer operator are named", () => {
    const fused = parseGraph(`
      x: u8[N, 4]
      const w = i8[[1, 2], [3, 4], [5, 6], [7, 8]]
      y = MatMulInteger(x, w)
      return y
    `);
    expect(findFixedWeights(fused)?.op).toBe("MatMulInteger");
    expect(findFixedWeights(network)).toBeNull();
  });
});
