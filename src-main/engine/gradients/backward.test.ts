import { describe, expect, it } from "vitest";
import { probeShapes } from "../../../test/support/probe-shapes.ts";
import { floatConstant, floatsOf } from "../onnx/constant.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { parseGraph, printGraph, seededConstant } from "../onnx/text.ts";
import { withOutputs } from "../onnx/walk.ts";
import { runGraph } from "../session/runtime.ts";
import { appendBackward } from "./backward.ts";
import type { Rule } from "./rule.ts";

const classifier = `x: f32[N, 3, 6, 6]
const w: f32[4, 3, 3, 3]
const v: f32[4, 5]
c = Conv(x, w)
r = Relu(c)
g = GlobalAveragePool(r)
f = Flatten(g)
y = Gemm(f, v)`;

/** Every float value `[N]` or `[N, 3]`, without running anything: for graphs that are refused. */
function assumedShapes(graph: Graph, types: Readonly<Record<string, "i64" | "bool">> = {}): Shapes {
  const names = [
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ];
  return new Map(
    names.map((name) => [name, { type: types[name] ?? "f32", dims: [2, 3], batchFactor: [1, 0] }]),
  );
}

async function compiled(text: string, taps: readonly string[], logits = "y") {
  const graph = parseGraph(text);
  const shapes = await probeShapes(graph, (batch) => feedsOf(graph, batch));
  return appendBackward({ graph, shapes, taps, logits, seed: "seed" });
}

function feedsOf(graph: Graph, batch: number) {
  return new Map(
    graph.inputs.map(({ name, type, dims }) => {
      const sizes = (dims ?? []).map((dim) => (typeof dim === "number" ? dim : batch));
      return [name, seededConstant(name, type ?? "f32", sizes)] as const;
    }),
  );
}

describe("the driver", () => {
  it("appends to a classifier, last tap: no forward activation is read", async () => {
    const { graph, gradients, readsForward } = await compiled(classifier, ["r"]);
    expect(readsForward).toBe(false);
    expect(graph.inputs.at(-1)).toEqual({ name: "seed", type: "f32", dims: ["N", 5] });
    expect(
      printGraph(graph)
        .split("\n")
        .slice(8, -1)
        .join("\n")
        .replaceAll(/"grad[^"]*"/g, "#"),
    ).toBe(`y = Gemm(f, v)
# = Gemm(seed, v) { alpha: 1.0, transB: 1 }
# = Reshape(#, i64[-1, 4, 1, 1])
# = Mul(#, f32(0.0625))
# = Expand(#, i64[1, 1, 4, 4])`);
    expect([...gradients.keys()]).toEqual(["r"]);
  });

  it("differentiates several taps in one pass, and each as if alone", async () => {
    const together = await compiled(classifier, ["r", "c", "x"]);
    expect(together.readsForward).toBe(true);
    const feeds = new Map([
      ...feedsOf(together.graph, 3),
      ["seed", seededConstant("seed", "f32", [3, 5])] as const,
    ]);
    const all = await runGraph(
      withOutputs(together.graph, [...together.gradients.values()]),
      feeds,
    );
    for (const tap of ["r", "c", "x"]) {
      const alone = await compiled(classifier, [tap]);
      const name = alone.gradients.get(tap) ?? "";
      const single = await runGraph(withOutputs(alone.graph, [name]), feeds);
      const own = all.get(together.gradients.get(tap) ?? "");
      expect(own?.dims).toEqual(single.get(name)?.dims);
      expect(own?.bytes).toEqual(single.get(name)?.bytes);
    }
  });

  it("never mixes images: three in a batch equal each alone", async () => {
    const text = `x: f32[N, 2, 4, 4]
      const w: f32[3, 2, 3, 3]
      c = Conv(x, w) { pads: [1, 1, 1, 1] }
      m = MaxPool(c) { kernel_shape: [2, 2], strides: [2, 2] }
      t = Transpose(m) { perm: [0, 2, 3, 1] }
      s = Softmax(t)
      l = Reshape(s, i64[-1, 3])
      n = LpNormalization(l)
      y = Reshape(n, i64[-1, 12])`;
    const { graph, gradients } = await compiled(text, ["x"]);
    const output = gradients.get("x") ?? "";
    const run = async (images: readonly number[]) => {
      const pick = (name: string, size: number, dims: number[]) => {
        const all = floatsOf(seededConstant(name, "f32", [3, size]));
        const rows = images.flatMap((i) => [...all.slice(i * size, (i + 1) * size)]);
        return [name, floatConstant(rows, [images.length, ...dims])] as const;
      };
      const feeds = new Map([pick("x", 32, [2, 4, 4]), pick("seed", 12, [12])]);
      const result = (await runGraph(withOutputs(graph, [output]), feeds)).get(output);
      return [...floatsOf(result ?? floatConstant([]))];
    };
    const each = [...(await run([0])), ...(await run([1])), ...(await run([2]))];
    const together = await run([0, 1, 2]);
    expect(
      Math.max(...together.map((value, i) => Math.abs(value - (each[i] ?? NaN)))),
    ).toBeLessThan(1e-6);
  });

  it("gives each tap a value of its own, the logits included", async () => {
    const { gradients } = await compiled("x: f32[N, 3]\na = Identity(x)\ny = Identity(a)", [
      "x",
      "a",
      "y",
    ]);
    expect(new Set([...gradients.values(), "seed"]).size).toBe(4);
  });

  it("takes a seed that the graph computes", async () => {
    const text =
      classifier + "\ni = ArgMax(y) { axis: 1, keepdims: 0 }\nseed = OneHot(i, i64(5), f32[0, 1])";
    const { graph, readsForward } = await compiled(text, ["r"]);
    expect(graph.inputs.map(({ name }) => name)).toEqual(["x"]);
    expect(readsForward).toBe(false);
  });

  it("names the rule that returned a gradient of the wrong dims or type", () => {
    const graph = parseGraph("x: f32[N, 3]\ny = Neg(x)");
    const shapes = assumedShapes(graph);
    const apply = (findRule: () => Rule) => () =>
      appendBackward({ graph, shapes, taps: ["x"], logits: "y", seed: "seed", findRule });
    expect(apply(() => ({ gradient, sum }) => [sum(gradient, [1], "keep")])).toThrow(
      'the rule of Neg at "y" returned f32[N, 1] for input 0, which is f32[N, 3]',
    );
    expect(apply(() => ({ gradient, cast }) => [cast(gradient, "f64")])).toThrow(
      'the rule of Neg at "y" returned f64[N, 3] for input 0, which is f32[N, 3]',
    );
  });

  it("leaves operators before the earliest tap alone", () => {
    const graph = parseGraph("x: f32[N, 3]\nt = my.domain.Odd(x)\ny = Relu(t)");
    const shapes = assumedShapes(graph);
    expect(() =>
      appendBackward({ graph, shapes, taps: ["t"], logits: "y", seed: "s" }),
    ).not.toThrow();
  });
});

describe("the driver refuses", () => {
  const refusal = (text: string, tap = "x", types: Record<string, "i64" | "bool"> = {}) => {
    const graph = parseGraph(text);
    const shapes = assumedShapes(graph, types);
    return () => appendBackward({ graph, shapes, taps: [tap], logits: "y", seed: "seed" });
  };

  it.each([
    [
      "an unknown operator on one of two paths",
      "a = my.domain.Odd(x)\nb = Relu(x)\ny = Add(a, b)",
      "gradient/no-rule",
      { node: "a", op: "my.domain:Odd" },
    ],
    [
      "a standard operator without a rule",
      "y = GridSample(x, x)",
      "gradient/no-rule",
      { node: "y", op: "GridSample" },
    ],
    [
      "weights that depend on the layer",
      "w = Relu(x)\ny = PRelu(x, w)",
      "gradient/no-rule",
      { node: "y", op: "PRelu", why: "its input 1 depends on the layer" },
    ],
    [
      "statistics that are used",
      "n, m = LayerNormalization(x, f32[1, 1, 1])\ny = Add(n, m)",
      "gradient/no-rule",
      { node: "n", op: "LayerNormalization", why: "a second output is used" },
    ],
    [
      "recurrent layers",
      "y = GRU(x, f32[1], f32[1])",
      "gradient/control-flow",
      { node: "y", op: "GRU" },
    ],
    [
      "a step of zero slope on the only path",
      "a = Round(x)\ny = Relu(a)",
      "gradient/no-path",
      { tap: "x" },
    ],
    [
      "a tap beside the path",
      "a = Relu(x)\ny = Relu(b)\nb: f32[N, 3]",
      "tap/no-path",
      { tap: "x", next: "" },
    ],
  ])("%s", (_, calls, code, details) => {
    expect(refusal(`x: f32[N, 3]\n${calls}`)).toThrow(expect.objectContaining({ code, details }));
  });

  it("a value that was not probed, rather than losing its path", () => {
    const graph = parseGraph("x: f32[N, 3]\na = Neg(x)\nb = Relu(a)\ny = Add(x, b)");
    const shapes = new Map(assumedShapes(graph));
    shapes.delete("b");
    expect(() => appendBackward({ graph, shapes, taps: ["x"], logits: "y", seed: "seed" })).toThrow(
      'nothing is known of value "b"',
    );
  });

  it("a way through indices alone", () => {
    const text = "x: f32[N, 3]\nconst t: f32[9, 3]\ni = ArgMax(x)\ny = Gather(t, i)";
    expect(refusal(text, "x", { i: "i64" })).toThrow(
      expect.objectContaining({ code: "gradient/no-path" }),
    );
  });

  it.each(["If", "Loop", "Scan"])("%s that reads the layer from inside its branch", (op) => {
    const graph = parseGraph(`x: f32[N, 3]\ny = ${op}(bool(true))`);
    const body = parseGraph("z = Relu(x)\nreturn z");
    const nodes: Node[] = graph.nodes.map((node) => ({
      ...node,
      attributes: { body: { kind: "graph", value: body } },
    }));
    const shapes = assumedShapes(graph);
    expect(() =>
      appendBackward({ graph: { ...graph, nodes }, shapes, taps: ["x"], logits: "y", seed: "s" }),
    ).toThrow(
      expect.objectContaining({ code: "gradient/control-flow", details: { node: "y", op } }),
    );
  });
});
