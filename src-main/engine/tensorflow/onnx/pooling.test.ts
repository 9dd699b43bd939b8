import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";

describe("AveragePool on TensorFlow.js", () => {
  it.each([
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
  ])("%s", (_, dims, attributes) =>
    expectWitness({ graph: `x: f32[${dims}]\ny = AveragePool(x) { ${attributes} }`, to: "x" }),
  );

  it("with dilations", () =>
    expectWitness({
      graph: `opset 19
              x: f32[1, 2, 8, 7]
              y = AveragePool(x) { kernel_shape: [3, 2], dilations: [2, 3], strides: [2, 1] }`,
      to: "x",
    }));
});

describe("MaxPool on TensorFlow.js", () => {
  it.each([
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
  ])("%s", (_, dims, attributes) =>
    expectWitness({
      graph: `x: f32[${dims}]\ny = MaxPool(x) { ${attributes} }`,
      to: "x",
      inputs: "grid",
    }),
  );

  it("gives the gradient of equal maxima to the first", () =>
    expectWitness({
      graph: "x: f32[1, 1, 3, 3]\ny = MaxPool(x) { kernel_shape: [2, 2] }",
      to: "x",
      feeds: { x: [5, 5, 5, 5, 5, 5, 5, 5, 5] },
    }));

  it("refuses to say where its maxima were", async () => {
    const graph = "x: f32[1, 1, 4, 4]\na, y = MaxPool(x) { kernel_shape: [2, 2] }";
    await expect(expectWitness({ graph })).rejects.toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "MaxPool with Indices", node: "a" },
    });
  });
});

describe("other pooling on TensorFlow.js", () => {
  it.each([
    ["LpPool", "N, 2, 7, 6", "{ kernel_shape: [3, 2], strides: [2, 1], p: 1 }"],
    ["LpPool", "N, 2, 7, 6", "{ kernel_shape: [3, 3], strides: [2, 2], pads: [1, 0, 1, 1] }"],
    ["LpPool", "N, 2, 7, 6", "{ kernel_shape: [2, 2], dilations: [2, 1], p: 3 }"],
    ["GlobalAveragePool", "N, 3, 4, 5", ""],
    ["GlobalMaxPool", "N, 3, 4, 5", ""],
    ["GlobalMaxPool", "2, 3, 7", ""],
    ["GlobalLpPool", "N, 3, 4, 5", "{ p: 1 }"],
    ["GlobalLpPool", "N, 3, 4, 5", ""],
    ["GlobalLpPool", "1, 3, 4, 5", "{ p: 3 }"],
  ])("%s over [%s] %s", (op, dims, attributes) =>
    expectWitness({
      graph: `x: f32[${dims}]\ny = ${op}(x) ${attributes}`,
      to: "x",
      inputs: "grid",
    }),
  );
});
