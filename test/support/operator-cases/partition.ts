import type { OperatorCase } from "./operator-case.ts";

/** Values joined, cut, padded and cropped. */
export const partitionCases: readonly OperatorCase[] = (
  [
    [
      "Concat",
      "x: f32[N, 3, 2], b: f32[N, 1, 2]",
      "n = Neg(x)\ny = Concat(b, x, n, x) { axis: -2 }",
    ],
    [
      "Split, all parts used",
      "x: f32[N, 6, 2]",
      "a, b = Split(x, i64[2, 4]) { axis: 1 }\nn = Neg(b)\ny = Concat(n, a) { axis: 1 }",
    ],
    [
      "Split, one part used",
      "x: f32[N, 6, 2]",
      "a, b, c = Split(x, i64[2, 1, 3]) { axis: 1 }\ny = Neg(b)",
    ],
    [
      "Split by number of parts",
      "x: f32[N, 2, 7]",
      "a, b, c = Split(x) { axis: -1, num_outputs: 3 }\ny = Concat(c, a) { axis: -1 }",
    ],
    [
      "Slice",
      "x: f32[N, 5, 6]",
      "y = Slice(x, i64[1, -4], i64[4, 9223372036854775807], i64[1, 2])",
    ],
    ["Slice of all axes", "x: f32[2, 5]", "y = Slice(x, i64[0, 1], i64[2, 3])"],
    ["Slice with a step", "x: f32[N, 9]", "y = Slice(x, i64[1], i64[9], i64[1], i64[3])"],
    [
      "Slice with a step that ends early",
      "x: f32[N, 9]",
      "y = Slice(x, i64[2], i64[7], i64[1], i64[4])",
    ],
    [
      "Slice in reverse",
      "x: f32[N, 5]",
      "y = Slice(x, i64[-1], i64[-9223372036854775807], i64[1], i64[-1])",
    ],
    [
      "Slice in reverse with a step",
      "x: f32[N, 8]",
      "y = Slice(x, i64[6], i64[0], i64[1], i64[-2])",
    ],
    [
      "Slice of the whole batch",
      "x: f32[N, 4]",
      "y = Slice(x, i64[0, 1], i64[2147483647, 3], i64[0, 1])",
    ],
    ["Pad", "x: f32[N, 3, 4]", "y = Pad(x, i64[0, 1, 2, 0, 0, 3], f32(0.5))"],
    ["Pad that crops", "x: f32[N, 5, 4]", "y = Pad(x, i64[0, -1, 2, 0, -2, 0])"],
    ["Pad of stated axes", "x: f32[N, 3, 4]", "y = Pad(x, i64[1, 2], _, i64[-1])"],
    [
      "Pad by reflection",
      "x: f32[N, 4, 5]",
      'y = Pad(x, i64[0, 2, 1, 0, 3, 4]) { mode: "reflect" }',
    ],
    [
      "Pad by the edge",
      "x: f32[2, 3, 4, 5]",
      'y = Pad(x, i64[0, 2, 0, 1, 0, 0, 3, 2]) { mode: "edge" }',
    ],
    [
      "Pad by wrapping",
      "opset 19\nx: f32[2, 4, 5]",
      'y = Pad(x, i64[0, 2, 1, 0, 3, 4]) { mode: "wrap" }',
    ],
    [
      "of what a convolution leaves channels last",
      "x: f32[N, 3, 4, 5]\nconst w: f32[6, 3, 1, 1]",
      `c = Conv(x, w)
       a, b = Split(c, i64[2, 4]) { axis: 1 }
       s = Slice(b, i64[0, 1], i64[2, 5], i64[1, 3], i64[1, 2])
       p = Pad(s, i64[0, 1, 0, 1, 0, 0, 0, 2])
       t = Slice(x, i64[0], i64[3], i64[1])
       y = Concat(p, t, a) { axis: 1 }`,
    ],
    [
      "Concat, one part wanted",
      "x: f32[N, 3, 2], b: f32[N, 1, 2], c: f32[N, 4, 2]",
      "y = Concat(b, x, c) { axis: 1 }",
    ],
    [
      "Split, some parts used",
      "x: f32[N, 6, 2]",
      "a, b, c = Split(x, i64[2, 1, 3]) { axis: 1 }\ny = Concat(c, a) { axis: 1 }",
    ],
  ] as const
).map(([name, inputs, calls]) => ({ name, graph: `${inputs}\n${calls}`, to: "x" }));
