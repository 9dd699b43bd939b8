import { describe, expect, it } from "vitest";
import { parseGraph } from "../onnx/text.ts";
import { firstCurved } from "./curvature.ts";

function curvedAfter(lines: string): string | null {
  const graph = parseGraph(`
    a: f32[N, 4, 2, 2]
    b: f32[N, 4, 2, 2]
    const w: f32[4, 3]
    const one: f32[4, 1, 1]
    ${lines}
    return y`);
  return firstCurved(graph, "a")?.op ?? null;
}

describe("curvature of a tail", () => {
  it("is none through ReLU, pooling, sums and a classifier", () => {
    const tail = `
      s = Add(a, b)
      r = Relu(s)
      m = MaxPool(r) { kernel_shape: [1, 1] }
      p = GlobalAveragePool(m)
      f = Flatten(p)
      y = Gemm(f, w)`;
    expect(curvedAfter(tail)).toBeNull();
  });

  it("is none where something else multiplies, and none in what does not depend on the tap", () => {
    const tail = `
      g = Sigmoid(b)
      m = Mul(a, g)
      d = Div(m, one)
      y = GlobalAveragePool(d)`;
    expect(curvedAfter(tail)).toBeNull();
  });

  it("is that of a gate, a squared or a divided activation, and of any smooth operator", () => {
    expect(curvedAfter("g = Sigmoid(a)\ny = Mul(a, g)")).toBe("Sigmoid");
    expect(curvedAfter("p = GlobalMaxPool(a)\ny = Mul(a, p)")).toBe("Mul");
    expect(curvedAfter("y = Mul(a, a)")).toBe("Mul");
    expect(curvedAfter("y = Div(one, a)")).toBe("Div");
    expect(curvedAfter("e = Erf(a)\ny = Add(a, e)")).toBe("Erf");
  });
});
