import type { OperatorCase } from "./operator-case.ts";

/** Means over windows. */
export const averagePoolCases: readonly OperatorCase[] = (
  [
    ["with overlap", "N, 3, 7, 6", "kernel_shape: [3, 2], strides: [2, 1]"],
    [
      "with pads left out of the mean",
      "2, 2, 5, 6",
      "kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2]",
    ],
    [
      "with pads counted",
      "2, 2, 5, 6",
      "kernel_shape: [3, 3], pads: [1, 0, 1, 2], strides: [2, 2], count_include_pad: 1",
    ],
    ["with ceil_mode", "N, 2, 6, 8", "kernel_shape: [3, 3], strides: [2, 3], ceil_mode: 1"],
    [
      "with ceil_mode and pads counted",
      "1, 2, 6, 8",
      "kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 3], ceil_mode: 1, count_include_pad: 1",
    ],
    [
      "with auto_pad",
      "1, 2, 7, 6",
      'kernel_shape: [3, 4], strides: [2, 2], auto_pad: "SAME_LOWER"',
    ],
    ["of the whole map", "N, 3, 4, 5", "kernel_shape: [4, 5]"],
    ["of the whole map and an end pad", "N, 3, 6, 6", "kernel_shape: [7, 7], pads: [0, 0, 1, 1]"],
    ["in one dimension", "1, 2, 9", "kernel_shape: [4], strides: [2], pads: [1, 0]"],
    ["in three dimensions", "1, 2, 4, 5, 3", "kernel_shape: [2, 3, 2], strides: [1, 2, 1]"],
    ["in tiles", "N, 3, 4, 6", "kernel_shape: [2, 3], strides: [2, 3]"],
  ] as const
).map(([name, dims, attributes]) => ({
  name,
  graph: `x: f32[${dims}]\ny = AveragePool(x) { ${attributes} }`,
  to: "x",
}));

/** The same with dilations, which opset 19 brought. */
export const dilatedAveragePool: OperatorCase = {
  name: "with dilations, at the opset that has them",
  graph: `opset 19
          x: f32[1, 2, 8, 7]
          y = AveragePool(x) { kernel_shape: [3, 2], dilations: [2, 3], strides: [2, 1] }`,
  to: "x",
};

/** Maxima over windows. */
export const maxPoolCases: readonly OperatorCase[] = (
  [
    ["with overlap", "N, 2, 7, 6", "kernel_shape: [3, 3], strides: [2, 1]"],
    ["with pads", "2, 2, 5, 6", "kernel_shape: [3, 2], pads: [1, 0, 2, 1], strides: [2, 2]"],
    ["with ceil_mode", "1, 2, 6, 8", "kernel_shape: [3, 3], strides: [2, 3], ceil_mode: 1"],
    ["with dilations", "1, 2, 8, 7", "kernel_shape: [3, 2], dilations: [2, 3]"],
    [
      "with auto_pad",
      "1, 2, 7, 6",
      'kernel_shape: [2, 3], strides: [2, 2], auto_pad: "SAME_UPPER"',
    ],
    ["that leaves rows unread", "1, 2, 8, 7", "kernel_shape: [2, 2], strides: [3, 3]"],
    ["in one dimension", "1, 2, 9", "kernel_shape: [4], strides: [2], pads: [1, 1]"],
    ["in three dimensions", "1, 2, 4, 5, 3", "kernel_shape: [2, 3, 2], strides: [2, 2, 1]"],
  ] as const
).map(([name, dims, attributes]) => ({
  name,
  graph: `x: f32[${dims}]\ny = MaxPool(x) { ${attributes} }`,
  to: "x",
  inputs: "grid",
}));

/** Norms over windows, and pooling of whole maps. */
export const otherPoolCases: readonly OperatorCase[] = (
  [
    ["LpPool", "N, 2, 7, 6", "{ kernel_shape: [3, 2], strides: [2, 1], p: 1 }"],
    ["LpPool", "N, 2, 7, 6", "{ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 0, 1, 1] }"],
    ["LpPool", "N, 2, 7, 6", "{ kernel_shape: [2, 2], dilations: [2, 1], p: 3 }"],
    ["GlobalAveragePool", "N, 3, 4, 5", ""],
    ["GlobalMaxPool", "N, 3, 4, 5", ""],
    ["GlobalMaxPool", "2, 3, 7", ""],
    ["GlobalLpPool", "N, 3, 4, 5", "{ p: 1 }"],
    ["GlobalLpPool", "N, 3, 4, 5", ""],
    ["GlobalLpPool", "1, 3, 4, 5", "{ p: 3 }"],
  ] as const
).map(([op, dims, attributes]) => ({
  name: `${op} over [${dims}] ${attributes}`,
  graph: `x: f32[${dims}]\ny = ${op}(x) ${attributes}`,
  to: "x",
  inputs: "grid",
}));
