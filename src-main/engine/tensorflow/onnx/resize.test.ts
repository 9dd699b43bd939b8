import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

const corners = 'coordinate_transformation_mode: "align_corners"';
const pytorch = 'coordinate_transformation_mode: "pytorch_half_pixel"';
const asymmetric = 'coordinate_transformation_mode: "asymmetric"';
const symmetric = 'coordinate_transformation_mode: "half_pixel_symmetric"';

describe("Resize on TensorFlow.js", () => {
  it.each([
    ["f32[1, 1, 2, 3]", "_", 'mode: "nearest"'],
    ["f32[1, 1, 1.7, 0.6]", "_", `mode: "nearest", ${asymmetric}, nearest_mode: "floor"`],
    ["f32[1, 1, 1.7, 0.6]", "_", 'mode: "nearest", nearest_mode: "round_prefer_ceil"'],
    ["_", "i64[2, 2, 7, 3]", 'mode: "nearest", nearest_mode: "ceil"'],
    ["f32[1, 1, 2, 1.6]", "_", 'mode: "linear"'],
    ["_", "i64[2, 2, 7, 9]", `mode: "linear", ${corners}`],
    ["_", "i64[2, 2, 1, 3]", `mode: "linear", ${pytorch}`],
    ["f32[1, 1, 1.7, 0.7]", "_", `mode: "linear", ${symmetric}`],
    ["f32[1, 1, 2, 1.5]", "_", 'mode: "cubic", cubic_coeff_a: -0.5'],
    ["f32[1, 1, 2, 1.5]", "_", 'mode: "cubic", exclude_outside: 1'],
    ["_", "i64[2, 2, 3, 2]", 'mode: "linear", antialias: 1'],
    ["_", "i64[2, 2, 3, 2]", 'mode: "cubic", antialias: 1'],
  ])("by %s to %s, %s", (scales, sizes, attributes) =>
    expectWitness({
      graph: `${attributes.includes('symmetric"') ? "opset 19\n" : ""}x: f32[2, 2, 4, 5]
              y = Resize(x, _, ${scales}, ${sizes}) { ${attributes} }`,
      to: "x",
    }),
  );

  it("of stated axes", () =>
    expectWitness({
      graph: 'x: f32[2, 2, 3, 5]\ny = Resize(x, _, _, i64[4, 7]) { mode: "linear", axes: [2, 3] }',
      to: "x",
    }));

  it("refuses to crop while it resizes", async () => {
    const graph = `x: f32[1, 1, 4, 4]
      y = Resize(x, f32[0, 0, 0.2, 0.2, 1, 1, 0.8, 0.8], _, i64[1, 1, 3, 3]) {
        mode: "linear", coordinate_transformation_mode: "tf_crop_and_resize"
      }`;
    await expect(expectWitness({ graph })).rejects.toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "Resize that crops" },
    });
  });
});
