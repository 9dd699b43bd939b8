import { describe, expect, it } from "vitest";
import { expectPass } from "../../../test/support/expect-pass.ts";
import { attributesFrom } from "../onnx/attributes.ts";
import { floatConstant } from "../onnx/constant.ts";
import type { Graph } from "../onnx/graph.ts";
import { parseGraph } from "../onnx/text.ts";
import { referencePrefix, type LocalFunction, type Model } from "../onnx/wire.ts";
import { inlineConstantIfs, normalise } from "./normalise.ts";

function model(graph: Graph, functions: Model["functions"] = new Map()): Model {
  return { graph, producer: "", functions, otherOutputs: [] };
}

describe("normalise", () => {
  it("takes initialisers out of the inputs and raises the IR, so that the runtime folds them", () => {
    const graph = parseGraph(
      "x: f32[N, 2], w: f32[2]\nconst w = f32[1, 2]\ny = Mul(x, w)\nreturn y",
    );
    const result = normalise(model({ ...graph, irVersion: 3 }));
    expect(result.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(result.irVersion).toBe(8);
  });

  it("turns Constant nodes into constants and sorts nodes by what they read", () =>
    expectPass(
      (graph) => normalise(model({ ...graph, nodes: graph.nodes.toReversed() })),
      `x: f32[N, 2]
       c = Constant() { value_floats: [2.0, 3.0] }
       a = Mul(x, c)
       y = Neg(a)
       return y`,
      `x: f32[N, 2]
       a = Mul(x, f32[2, 3])
       y = Neg(a)
       return y`,
      { tolerance: null }, // turned about, the graph before is not one that runs
    ));

  it("inlines local functions, with the caller's attributes or the function's own", async () => {
    const scaled: LocalFunction = {
      inputs: ["a"],
      outputs: ["b"],
      nodes: [
        {
          name: "n",
          domain: "",
          op: "LeakyRelu",
          inputs: ["a"],
          outputs: ["inner"],
          attributes: { alpha: { kind: "string", value: `${referencePrefix}slope` } },
        },
        { name: "m", domain: "", op: "Neg", inputs: ["inner"], outputs: ["b"], attributes: {} },
      ],
      defaults: attributesFrom({ slope: { float: 0.25 } }),
      domains: { "": 18 },
    };
    await expectPass(
      (graph) => normalise(model(graph, new Map([["own:Scaled", scaled]]))),
      `x: f32[N, 2]
       a = own.Scaled(x) { slope: 0.5 }
       y = own.Scaled(a)
       return y`,
      `x: f32[N, 2]
       p = LeakyRelu(x) { alpha: 0.5 }
       a = Neg(p)
       q = LeakyRelu(a) { alpha: 0.25 }
       y = Neg(q)
       return y`,
      { tolerance: null }, // the runtime has no operator own.Scaled
    );
  });

  it("replaces an If on a constant by the branch that it takes", () => {
    const graph = parseGraph("x: f32[N, 2]\ny = Neg(x)\nreturn y");
    const branch = (op: string): Graph => ({
      ...graph,
      inputs: [],
      outputs: [{ name: "r", type: "f32", dims: null }],
      nodes: [{ name: "b", domain: "", op, inputs: ["x"], outputs: ["r"], attributes: {} }],
    });
    const withIf: Graph = {
      ...graph,
      constants: new Map([
        ["c", { ...floatConstant([1], []), type: "bool", bytes: Uint8Array.of(0) }],
      ]),
      nodes: [
        {
          name: "if",
          domain: "",
          op: "If",
          inputs: ["c"],
          outputs: ["y"],
          attributes: {
            then_branch: { kind: "graph", value: branch("Abs") },
            else_branch: { kind: "graph", value: branch("Neg") },
          },
        },
      ],
    };
    expect(inlineConstantIfs(withIf)?.nodes.map(({ op }) => op)).toEqual(["Neg", "Identity"]);
    expect(inlineConstantIfs(graph)).toBeUndefined();
  });
});
