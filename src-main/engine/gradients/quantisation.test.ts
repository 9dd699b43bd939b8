import { describe, expect, it } from "vitest";
import { compiledSlopes } from "../../../test/support/compiled-slopes.ts";

// Differences cannot check a staircase: the expected slopes follow from the range of the codes.
describe("QuantizeLinear passes a gradient inside its range alone", () => {
  // scale 0.5, zero 3: codes −128..127 are −65.5..62, and ½ a step more rounds to them.
  it("of one scale and int8", async () => {
    const slopes = await compiledSlopes(
      `x: f32[6]
       q = QuantizeLinear(x, f32(0.5), i8(3))
       y = DequantizeLinear(q, f32(0.5), i8(3))`,
      [-65.8, -65.7, 0.2, 62.2, 62.3, 100],
    );
    expect(slopes).toEqual([0, 1, 1, 1, 0, 0]);
  });

  // uint8 without a zero point: 0..255 steps.
  it("per channel and uint8, with a factor behind it", async () => {
    const slopes = await compiledSlopes(
      `x: f32[1, 2, 3]
       q = QuantizeLinear(x, f32[1, 0.01])
       d = DequantizeLinear(q, f32[1, 0.01])
       y = Mul(d, f32(3))`,
      [-0.6, 2, 255.4, -0.004, 2, 2.6],
    );
    expect(slopes).toEqual([0, 3, 3, 3, 3, 0]);
  });

  it("per element of another axis", async () => {
    const slopes = await compiledSlopes(
      `x: f32[2, 2]
       q = QuantizeLinear(x, f32[1, 0.01], u8[0, 0]) { axis: 0 }
       y = DequantizeLinear(q, f32[1, 0.01], u8[0, 0]) { axis: 0 }`,
      [255.4, 256, 2.5, 2.6],
    );
    expect(slopes).toEqual([1, 0, 1, 0]);
  });

  it("through operators that move codes", async () => {
    const slopes = await compiledSlopes(
      `x: f32[2, 2]
       q = QuantizeLinear(x, f32(1), u8(0))
       t = Transpose(q)
       r = Reshape(t, i64[4])
       s = Slice(r, i64[1], i64[4])
       y = DequantizeLinear(s, f32(1), u8(0))`,
      [5, 5, 300, 7],
    );
    expect(slopes).toEqual([0, 1, 0, 1]);
  });

  it("through MaxPool on codes", async () => {
    const slopes = await compiledSlopes(
      `x: f32[1, 1, 2, 4]
       q = QuantizeLinear(x, f32(1), u8(0))
       p = MaxPool(q) { kernel_shape: [2, 2], strides: [2, 2] }
       y = DequantizeLinear(p, f32(1), u8(0))`,
      [1, 9, 2, 3, 4, 5, 300, 7],
    );
    expect(slopes).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
  });
});
