import { describe, expect, it } from "vitest";
import { expectWitness } from "../../../../test/support/expect-witness.ts";
import { fixture, fixturesFolder } from "../../../../test/support/fixtures.ts";
import { analyse } from "../../compile/analyse.ts";
import { numbersOf } from "../../onnx/constant.ts";
import { readModelFile } from "../../onnx/file.ts";
import { seededConstant } from "../../onnx/text.ts";
import { pruned, withOutputs } from "../../onnx/walk.ts";
import { evaluate, runGraph } from "../../session/runtime.ts";
import { tensorflow } from "../runtime.ts";
import { inScope } from "../scope.ts";
import { Executor } from "./executor.ts";
import { madeFrom } from "./value.ts";

describe("quantisation on TensorFlow.js: codes, and a gradient inside the range alone", () => {
  it.each([
    [
      "of one scale and int8",
      `x: f32[7]
       q = QuantizeLinear(x, f32(0.5), i8(3))
       y = DequantizeLinear(q, f32(0.5), i8(3))`,
      [-65.8, -65.7, 0.2, 0.25, 62.2, 62.3, 100],
    ],
    [
      "per channel and uint8, with a factor behind it",
      `x: f32[1, 2, 3]
       q = QuantizeLinear(x, f32[1, 0.01])
       d = DequantizeLinear(q, f32[1, 0.01])
       y = Mul(d, f32(3))`,
      [-0.6, 2, 255.4, -0.004, 2, 2.6],
    ],
    [
      "per element of another axis",
      `x: f32[2, 2]
       q = QuantizeLinear(x, f32[1, 0.01], u8[0, 0]) { axis: 0 }
       y = DequantizeLinear(q, f32[1, 0.01], u8[0, 0]) { axis: 0 }`,
      [255.4, 256, 2.5, 2.6],
    ],
    [
      "through operators that move codes",
      `x: f32[2, 2]
       q = QuantizeLinear(x, f32(1), u8(0))
       t = Transpose(q)
       r = Reshape(t, i64[4])
       s = Slice(r, i64[1], i64[4])
       y = DequantizeLinear(s, f32(1), u8(0))`,
      [5, 5, 300, 7],
    ],
    [
      "through MaxPool on codes",
      `x: f32[1, 1, 2, 4]
       q = QuantizeLinear(x, f32(1), u8(0))
       p = MaxPool(q) { kernel_shape: [2, 2], strides: [2, 2] }
       y = DequantizeLinear(p, f32(1), u8(0))`,
      [1, 9, 2, 3, 4, 5, 300, 7],
    ],
    [
      "of weights, once and for all",
      `x: f32[1, 1, 2, 2]
       w = DequantizeLinear(i8[[[[1, -2], [3, 4]]]], f32(0.5), i8(1))
       y = Conv(x, w)`,
      [1, 2, 3, 4],
    ],
  ])("%s", (_, graph, x) => expectWitness({ graph, to: "x", feeds: { x } }));

  it("refuses blocks by name", async () => {
    const graph = `opset 21
      x: f32[2, 4]
      q = QuantizeLinear(x, f32[[1, 2], [1, 2]], u8[[0, 0], [0, 0]]) { axis: 1, block_size: 2 }
      y = DequantizeLinear(q, f32[[1, 2], [1, 2]], u8[[0, 0], [0, 0]]) { axis: 1, block_size: 2 }`;
    await expect(expectWitness({ graph })).rejects.toMatchObject({
      code: "tensorflow/no-kernel",
      details: { op: "QuantizeLinear in blocks", node: "q" },
    });
  });
});

describe.skipIf(!fixturesFolder)("a quantised model on TensorFlow.js", () => {
  // Further on, codes that lie on an edge fall either way, as they do between onnxruntime's own levels.
  it("has onnxruntime's codes in its first layers", async () => {
    const device = await tensorflow();
    const { tf } = device;
    const file = readModelFile(fixture("models/imagenet/mobilenet_v2_1.0_224_qdq_int8.onnx"));
    const model = await analyse(file.model, evaluate, { file: file.fileName });
    const quantised = model.graph.nodes.filter(({ op }) => op === "QuantizeLinear");
    const names = quantised.slice(0, 4).map(({ outputs: [name = ""] }) => name);
    const graph = pruned(withOutputs(model.graph, names));
    const picture = seededConstant("picture", "f32", [1, 3, 224, 224]);
    const feeds = new Map([[model.image.name, picture]]);
    const own = await runGraph(graph, feeds, { level: "disabled" });
    const executor = new Executor(device, graph);
    const given = inScope(tf, () =>
      executor
        .run(new Map([[model.image.name, madeFrom(tf, picture)]]))
        .map((codes) => codes.dataSync()),
    );
    names.forEach((name, i) => {
      const codes = own.get(name);
      const expected = codes ? numbersOf(codes) : [];
      expect(new Set(expected).size).toBeGreaterThan(50);
      const differing = expected.filter((code, at) => code !== given[i]?.[at]).length;
      expect(differing / expected.length).toBeLessThan(1e-4);
    });
    executor.close();
  });
});
