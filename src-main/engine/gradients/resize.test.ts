import { describe, expect, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("Resize matches finite differences", () => {
  it.each([
    ["nearest by scales", "f32[1, 1, 2, 3]", "_", 'mode: "nearest"'],
    [
      "nearest, asymmetric, floor",
      "f32[1, 1, 1.7, 0.6]",
      "_",
      'mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor"',
    ],
    ["nearest by sizes", "_", "i64[2, 2, 7, 3]", 'mode: "nearest", nearest_mode: "ceil"'],
    ["linear by scales", "f32[1, 1, 2, 1.6]", "_", 'mode: "linear"'],
    [
      "linear by sizes, aligned corners",
      "_",
      "i64[2, 2, 7, 9]",
      'mode: "linear", coordinate_transformation_mode: "align_corners"',
    ],
    [
      "linear to one pixel",
      "_",
      "i64[2, 2, 1, 3]",
      'mode: "linear", coordinate_transformation_mode: "pytorch_half_pixel"',
    ],
    ["cubic", "f32[1, 1, 2, 1.5]", "_", 'mode: "cubic", cubic_coeff_a: -0.5'],
    ["cubic, outside left out", "f32[1, 1, 2, 1.5]", "_", 'mode: "cubic", exclude_outside: 1'],
    ["linear, antialiased", "_", "i64[2, 2, 3, 2]", 'mode: "linear", antialias: 1'],
    ["cubic, antialiased", "_", "i64[2, 2, 3, 2]", 'mode: "cubic", antialias: 1'],
  ])("%s", (_, scales, sizes, attributes) =>
    expectGradient({
      graph: `x: f32[2, 2, 4, 5]\ny = Resize(x, _, ${scales}, ${sizes}) { ${attributes} }`,
      of: "y",
      to: "x",
    }),
  );

  it("by scales over a batch", () =>
    expectGradient({
      graph: 'x: f32[N, 2, 3, 5]\ny = Resize(x, _, f32[1, 1, 2, 2]) { mode: "linear" }',
      of: "y",
      to: "x",
    }));

  it("of stated axes", () =>
    expectGradient({
      graph: 'x: f32[2, 2, 3, 5]\ny = Resize(x, _, _, i64[4, 7]) { mode: "linear", axes: [2, 3] }',
      of: "y",
      to: "x",
    }));

  it("refuses to crop while it resizes", async () => {
    const graph = `x: f32[1, 1, 4, 4]
      y = Resize(x, f32[0, 0, 0.2, 0.2, 1, 1, 0.8, 0.8], _, i64[1, 1, 3, 3]) {
        mode: "linear", coordinate_transformation_mode: "tf_crop_and_resize"
      }`;
    await expect(expectGradient({ graph, of: "y", to: "x" })).rejects.toMatchObject({
      code: "gradient/no-rule",
    });
  });
});
