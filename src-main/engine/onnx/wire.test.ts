import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { createSession, runGraph } from "../session/runtime.ts";
import { attributesFrom } from "./attributes.ts";
import { floatConstant, floatsOf, intConstant, numbersOf } from "./constant.ts";
import type { Graph } from "./graph.ts";
import { parseModel, writeGraph } from "./wire.ts";

const graph: Graph = {
  name: "g",
  opset: 18,
  irVersion: 8,
  domains: {},
  inputs: [{ name: "x", type: "f32", dims: ["N", 4] }],
  outputs: [{ name: "y", type: "f32", dims: null }],
  constants: new Map([["ends", intConstant([2 ** 63])]]),
  nodes: [
    {
      name: "cut",
      domain: "",
      op: "Slice",
      inputs: ["x", "starts", "ends", "axes"],
      outputs: ["s"],
      attributes: {},
    },
    {
      name: "",
      domain: "",
      op: "Constant",
      inputs: [],
      outputs: ["starts"],
      attributes: attributesFrom({ value_ints: [1] }),
    },
    {
      name: "",
      domain: "",
      op: "Constant",
      inputs: [],
      outputs: ["axes"],
      attributes: attributesFrom({ value: intConstant([1]) }),
    },
    {
      name: "act",
      domain: "",
      op: "LeakyRelu",
      inputs: ["s"],
      outputs: ["y"],
      attributes: attributesFrom({ alpha: { float: 0.5 } }),
    },
  ],
  metadata: { names: "a,b" },
};

describe("the wire format", () => {
  it("reads back what it wrote", () => {
    const { graph: read } = parseModel(writeGraph(graph));
    expect(read.nodes).toEqual(graph.nodes);
    expect(read.inputs).toEqual(graph.inputs);
    expect(read.outputs).toEqual(graph.outputs);
    expect(read.metadata).toEqual(graph.metadata);
    expect([read.opset, read.irVersion]).toEqual([18, 8]);
  });

  it("keeps 'to the end' as the largest int64, which no double holds", async () => {
    const sorted = { ...graph, nodes: [1, 2, 0, 3].map((i) => graph.nodes[i]!) }; // four nodes above
    const feeds = new Map([["x", floatConstant([1, -2, 3, -4], [1, 4])]]);
    const y = (await runGraph(sorted, feeds)).get("y");
    expect(y?.dims).toEqual([1, 3]);
    expect([...floatsOf(y!)]).toEqual([-1, 3, -2]); // run returned it
  });

  it("refuses bytes that are no model", () => {
    expect(() => parseModel(new TextEncoder().encode("<!doctype html>"))).toThrow();
    expect(() => parseModel(new Uint8Array())).toThrow("it holds no graph");
  });

  it.skipIf(!fixturesFolder)("gives the runtime the same model as the file itself", async () => {
    for (const file of ["cifar10/winml_cnn.onnx", "mnist/mnist-cntk.onnx"]) {
      const bytes = readFileSync(fixture(`models/${file}`));
      const read = parseModel(bytes).graph;
      const input = read.inputs.find(({ name }) => !read.constants.has(name))!; // both have an image input
      const dims = input.dims!.map((dim) => (typeof dim === "number" ? dim : 1)); // and a known rank
      const image = floatConstant(
        Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)),
        dims,
      );
      const feeds = new Map([[input.name, image]]);
      const [ours, theirs] = [await createSession(read), await createSession(bytes)];
      expect(await ours.run(feeds)).toEqual(await theirs.run(feeds));
      await Promise.all([ours.close(), theirs.close()]);
    }
  });

  it.skipIf(!fixturesFolder)("reads weights kept beside the model", () => {
    const path = fixture("models/cifar10/resnet32_external/resnet32_cifar10.onnx");
    const { graph: read } = parseModel(readFileSync(path), (location, offset, length) =>
      readFileSync(join(dirname(path), location)).subarray(offset, offset + (length ?? 0)),
    );
    const weight = [...read.constants.values()].find(({ dims }) => dims.length === 4)!; // a ResNet has convolutions
    expect(numbersOf(weight).some((value) => value !== 0)).toBe(true);
  });
});
