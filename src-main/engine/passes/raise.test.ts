import { describe, expect, it } from "vitest";
import { expectPass } from "../../../test/support/expect-pass.ts";
import { parseGraph } from "../onnx/text.ts";
import { CannotRaise, raise } from "./raise.ts";

describe("raising to opset 18", () => {
  it("keeps Softmax over all trailing dims, as it was before opset 13", () =>
    expectPass(
      raise,
      `opset 9
       x: f32[N, 3, 2, 2]
       y = Softmax(x)
       return y`,
      `x: f32[N, 3, 2, 2]
       f = Flatten(x) { axis: 1 }
       s = Softmax(f) { axis: -1 }
       d = Shape(x)
       y = Reshape(s, d)
       return y`,
    ));

  it("turns bounds of Clip and Pad into inputs, and leaves a missing bound missing", () =>
    expectPass(
      raise,
      `opset 10
       x: f32[N, 2, 3, 3]
       a = Clip(x) { max: 0.5 }
       b = Clip(a) { min: -0.25 }
       y = Pad(b) { pads: [0, 0, 1, 2, 0, 0, 0, 1], value: 1.5 }
       return y`,
      `x: f32[N, 2, 3, 3]
       a = Clip(x, _, f32(0.5))
       b = Clip(a, f32(-0.25))
       y = Pad(b, i64[0, 0, 1, 2, 0, 0, 0, 1], f32(1.5))
       return y`,
    ));

  it("turns axes and sizes of Squeeze, Unsqueeze, Reduce, Slice, TopK and Split into inputs", () =>
    expectPass(
      raise,
      `opset 9
       x: f32[N, 4, 1, 5]
       a = Squeeze(x) { axes: [2] }
       b = Unsqueeze(a) { axes: [1] }
       c = ReduceMean(b) { axes: [3], keepdims: 0 }
       d = Slice(c) { starts: [1], ends: [3], axes: [2] }
       e, i = TopK(d) { k: 1 }
       p, q = Split(b) { axis: 2, split: [1, 3] }
       r, s = Split(b) { axis: 2 }
       return e, p, q, r, s`,
      `x: f32[N, 4, 1, 5]
       a = Squeeze(x, i64[2])
       b = Unsqueeze(a, i64[1])
       c = ReduceMean(b, i64[3]) { keepdims: 0 }
       d = Slice(c, i64[1], i64[3], i64[2])
       e, i = TopK(d, i64[1])
       p, q = Split(b, i64[1, 3]) { axis: 2 }
       r, s = Split(b) { axis: 2, num_outputs: 2 }
       return e, p, q, r, s`,
    ));

  it("writes Upsample as Resize at the lower left corner", () =>
    expectPass(
      raise,
      `opset 7
       x: f32[N, 2, 3, 3]
       y = Upsample(x) { scales: [1.0, 1.0, 2.0, 2.0], mode: "nearest" }
       return y`,
      `x: f32[N, 2, 3, 3]
       y = Resize(x, _, f32[1, 1, 2, 2]) { coordinate_transformation_mode: "asymmetric", nearest_mode: "floor", mode: "nearest" }
       return y`,
    ));

  it("writes ImageScaler, which no later opset has, as a product and a sum", () =>
    expectPass(
      raise,
      `opset 7
       x: f32[N, 3, 2, 2]
       y = ImageScaler(x) { scale: 2.0, bias: [1.0, 2.0, 3.0] }
       return y`,
      `x: f32[N, 3, 2, 2]
       s = Mul(x, f32(2))
       y = Add(s, f32[[[[1]], [[2]], [[3]]]])
       return y`,
      { tolerance: null }, // the runtime registers it only below the opset that our runs use
    ));

  it("drops what BatchNormalization and Dropout no longer state", () =>
    expectPass(
      raise,
      `opset 8
       x: f32[N, 2, 3]
       const a = f32[1, 2]
       const b = f32[0.5, 0.25]
       n = BatchNormalization(x, a, b, b, a) { spatial: 1 }
       y = Dropout(n) { ratio: 0.5 }
       return y`,
      `x: f32[N, 2, 3]
       const a = f32[1, 2]
       const b = f32[0.5, 0.25]
       n = BatchNormalization(x, a, b, b, a)
       y = Dropout(n)
       return y`,
    ));

  it("refuses a normalisation of every position apart", () => {
    const graph = parseGraph(
      `opset 7
       x: f32[N, 2, 3]
       const a = f32[1, 2]
       y = BatchNormalization(x, a, a, a, a) { spatial: 0 }
       return y`,
    );
    expect(() => raise(graph)).toThrow(CannotRaise);
  });

  it("leaves newer models as they are", () => {
    const graph = parseGraph("opset 20\nx: f32[N, 2]\ny = Gelu(x)\nreturn y");
    expect(raise(graph)).toBe(graph);
  });
});
