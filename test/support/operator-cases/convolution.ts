import type { OperatorCase } from "./operator-case.ts";

/** Convolutions of every shape: strides, pads, groups, dilations, one to three dimensions. */
export const convCases: readonly OperatorCase[] = (
  [
    ["at stride 1", "x: f32[N, 3, 7, 6], w: f32[4, 3, 3, 2]", "pads: [1, 0, 2, 1]"],
    ["padded as TensorFlow does", "x: f32[N, 3, 7, 6], w: f32[4, 3, 3, 3]", "pads: [1, 1, 1, 1]"],
    [
      "when a stride leaves rows unread",
      "x: f32[1, 4, 11, 10], w: f32[8, 4, 3, 3]",
      "strides: [2, 2], dilations: [2, 2], pads: [1, 0, 2, 1]",
    ],
    [
      "at stride 2 on even and odd sides",
      "x: f32[1, 4, 8, 7], w: f32[5, 4, 3, 3]",
      "strides: [2, 2], pads: [1, 1, 1, 1]",
    ],
    [
      "with groups at stride 1",
      "x: f32[2, 6, 5, 7], w: f32[9, 2, 3, 3]",
      "group: 3, pads: [1, 1, 1, 1]",
    ],
    [
      "with groups at stride 3",
      "x: f32[2, 6, 8, 7], w: f32[9, 2, 3, 2]",
      "group: 3, strides: [3, 2]",
    ],
    ["depthwise", "x: f32[N, 5, 6, 7], w: f32[5, 1, 3, 3]", "group: 5, pads: [1, 1, 1, 1]"],
    [
      "depthwise with a multiplier",
      "x: f32[N, 3, 6, 7], w: f32[6, 1, 3, 3]",
      "group: 3, dilations: [2, 1]",
    ],
    [
      "depthwise at stride 2",
      "x: f32[N, 5, 7, 8], w: f32[5, 1, 3, 3]",
      "group: 5, strides: [2, 2], pads: [1, 1, 1, 1]",
    ],
    [
      "depthwise at unequal strides",
      "x: f32[N, 5, 7, 8], w: f32[5, 1, 3, 3]",
      "group: 5, strides: [1, 2], pads: [1, 1, 1, 0]",
    ],
    ["of one by one", "x: f32[N, 5, 3, 4], w: f32[7, 5, 1, 1]", ""],
    ["padded beyond the kernel", "x: f32[1, 2, 4, 5], w: f32[3, 2, 2, 1]", "pads: [2, 1, 3, 1]"],
    [
      "with auto_pad SAME_UPPER",
      "x: f32[1, 2, 7, 6], w: f32[3, 2, 3, 4]",
      'auto_pad: "SAME_UPPER", strides: [2, 3]',
    ],
    [
      "with auto_pad SAME_LOWER",
      "x: f32[1, 2, 7, 6], w: f32[3, 2, 2, 4]",
      'auto_pad: "SAME_LOWER", strides: [2, 1]',
    ],
    ["with auto_pad VALID", "x: f32[1, 2, 7, 6], w: f32[3, 2, 2, 4]", 'auto_pad: "VALID"'],
    ["in one dimension", "x: f32[N, 3, 9], w: f32[2, 3, 4]", "strides: [2], pads: [1, 2]"],
    [
      "dilated in one dimension",
      "x: f32[N, 3, 9], w: f32[2, 3, 4]",
      "dilations: [2], pads: [1, 2]",
    ],
    [
      "in three dimensions",
      "x: f32[1, 2, 5, 4, 6], w: f32[3, 2, 2, 3, 2]",
      "strides: [2, 1, 2], pads: [1, 0, 1, 0, 1, 0]",
    ],
    [
      "dilated in three dimensions",
      "x: f32[1, 2, 5, 4, 6], w: f32[3, 2, 2, 3, 2]",
      "dilations: [2, 1, 1]",
    ],
  ] as const
).map(([name, inputs, attributes]) => ({
  name,
  graph: `${inputs}\ny = Conv(x, w) { ${attributes} }`,
  to: "x",
}));

/** Transposed convolutions, likewise. */
export const convTransposeCases: readonly OperatorCase[] = (
  [
    ["at stride 1", "x: f32[N, 3, 5, 4], w: f32[3, 2, 3, 2]", "pads: [1, 0, 0, 1]"],
    [
      "at stride 2",
      "x: f32[2, 3, 5, 4], w: f32[3, 2, 3, 4]",
      "strides: [2, 3], pads: [1, 0, 2, 1]",
    ],
    [
      "with output_padding",
      "x: f32[2, 3, 5, 4], w: f32[3, 2, 3, 3]",
      "strides: [2, 3], output_padding: [1, 2]",
    ],
    [
      "with groups and dilations",
      "x: f32[2, 4, 3, 4], w: f32[4, 3, 3, 2]",
      "group: 2, dilations: [2, 3], strides: [2, 1]",
    ],
    ["depthwise", "x: f32[2, 4, 3, 4], w: f32[4, 1, 3, 2]", "group: 4, strides: [2, 1]"],
    [
      "with output_shape",
      "x: f32[1, 2, 4, 5], w: f32[2, 3, 3, 3]",
      "output_shape: [8, 10], strides: [2, 2]",
    ],
    [
      "with auto_pad SAME_UPPER",
      "x: f32[1, 2, 4, 5], w: f32[2, 3, 3, 4]",
      'auto_pad: "SAME_UPPER", strides: [2, 3]',
    ],
    [
      "with auto_pad SAME_LOWER",
      "x: f32[1, 2, 4, 5], w: f32[2, 3, 3, 4]",
      'auto_pad: "SAME_LOWER", strides: [2, 3]',
    ],
    ["in one dimension", "x: f32[1, 2, 5], w: f32[2, 3, 3]", "strides: [2], pads: [1, 1]"],
    ["in three dimensions", "x: f32[1, 2, 3, 2, 3], w: f32[2, 2, 2, 3, 2]", "strides: [2, 1, 2]"],
  ] as const
).map(([name, inputs, attributes]) => ({
  name,
  graph: `${inputs}\ny = ConvTranspose(x, w) { ${attributes} }`,
  to: "x",
}));
