import { describe, expect, it } from "vitest";
import type { Graph } from "../../src-main/engine/onnx/graph.ts";
import { expectPass } from "./expect-pass.ts";

const before = "x: f32[N, 3]\nconst w: f32[3, 4]\ni = Identity(x)\ny = MatMul(i, w)\nreturn y";
const after = "x: f32[N, 3]\nconst w: f32[3, 4]\ny = MatMul(x, w)\nreturn y";

/** Drops Identity and names the weight anew, as passes may. */
function dropIdentity(graph: Graph): Graph {
  const w = graph.constants.get("w");
  if (!w) throw new Error("w was declared");
  const nodes = graph.nodes
    .filter((node) => node.op !== "Identity")
    .map((node) => ({ ...node, inputs: ["x", "weight_1"] }));
  return { ...graph, nodes, constants: new Map([["weight_1", w]]) };
}

describe("expectPass", () => {
  it("takes a pass that prints as expected and keeps the numbers", () =>
    expectPass(dropIdentity, before, after));

  it("catches another graph", async () => {
    await expect(expectPass((graph) => graph, before, after)).rejects.toThrow("to be ");
  });

  it("catches changed weights", async () => {
    const scaled = (graph: Graph) => {
      const result = dropIdentity(graph);
      const w = result.constants.get("weight_1");
      if (!w) throw new Error("the pass keeps it");
      const bytes = w.bytes.slice().reverse();
      return { ...result, constants: new Map([["weight_1", { ...w, bytes }]]) };
    };
    await expect(expectPass(scaled, before, after)).rejects.toThrow("to be ");
  });

  it("catches changed numbers where the text was expected", async () => {
    const doubled = (graph: Graph) => ({
      ...graph,
      nodes: graph.nodes.map((node) => ({ ...node, op: node.op === "Neg" ? "Abs" : node.op })),
    });
    await expect(
      expectPass(doubled, "x: f32[4]\ny = Neg(x)\nreturn y", "x: f32[4]\ny = Abs(x)\nreturn y"),
    ).rejects.toThrow("difference of y");
  });
});
