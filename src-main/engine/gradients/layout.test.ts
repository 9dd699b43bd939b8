import { describe, it } from "vitest";
import { expectGradient } from "../../../test/support/expect-gradient.ts";

describe("operators that only arrange match finite differences", () => {
  it.each([
    ["Identity", "x: f32[2, 3]", "Identity(x)"],
    ["Dropout", "x: f32[2, 3]", "Dropout(x, f32(0.4))"],
    ["Reshape with the batch", "x: f32[N, 3, 4]", "Reshape(x, i64[-1, 12])"],
    ["Reshape that folds the batch", "x: f32[N, 3, 4]", "Reshape(x, i64[-1, 4])"],
    ["Flatten", "x: f32[N, 3, 4, 2]", "Flatten(x) { axis: 2 }"],
    ["Squeeze", "x: f32[N, 3, 1, 4, 1]", "Squeeze(x, i64[2, -1])"],
    ["Unsqueeze", "x: f32[N, 3, 4]", "Unsqueeze(x, i64[1, -1])"],
    ["Expand", "x: f32[3, 1]", "Expand(x, i64[2, 3, 4])"],
    ["Expand that repeats nothing", "x: f32[2, 3]", "Expand(x, i64[3])"],
    ["Tile", "x: f32[N, 2, 3]", "Tile(x, i64[1, 3, 2])"],
    ["Tile over the batch", "x: f32[N, 3]", "Tile(x, i64[3, 2])"],
    ["Transpose", "x: f32[N, 3, 4, 2]", "Transpose(x) { perm: [0, 2, 3, 1] }"],
    ["Transpose that reverses", "x: f32[2, 3, 4]", "Transpose(x)"],
    ["DepthToSpace", "x: f32[N, 8, 2, 3]", "DepthToSpace(x) { blocksize: 2 }"],
    [
      "DepthToSpace by columns",
      "x: f32[N, 8, 2, 3]",
      'DepthToSpace(x) { blocksize: 2, mode: "CRD" }',
    ],
    ["SpaceToDepth", "x: f32[N, 2, 4, 6]", "SpaceToDepth(x) { blocksize: 2 }"],
    ["CumSum", "x: f32[N, 3, 4]", "CumSum(x, i64(1))"],
    ["CumSum exclusive", "x: f32[3, 4]", "CumSum(x, i64(-1)) { exclusive: 1 }"],
    ["CumSum in reverse", "x: f32[3, 4]", "CumSum(x, i64(0)) { reverse: 1 }"],
    ["Trilu upper", "x: f32[N, 3, 4]", "Trilu(x)"],
    ["Trilu lower, shifted", "x: f32[2, 4, 3]", "Trilu(x, i64(-1)) { upper: 0 }"],
  ])("%s", (_, input, call) =>
    expectGradient({ graph: `${input}\ny = ${call}`, of: "y", to: "x" }),
  );

  it("Cast to double and back", () =>
    expectGradient({
      graph: "x: f32[2, 3]\nd = Cast(x) { to: 11 }\ns = Mul(d, d)\ny = Cast(s) { to: 1 }",
      of: "y",
      to: "x",
    }));
});
