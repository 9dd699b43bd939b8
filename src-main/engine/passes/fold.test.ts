import { describe, expect, it } from "vitest";
import { expectPass } from "../../../test/support/expect-pass.ts";
import { filledConstant } from "../onnx/constant.ts";
import type { Graph } from "../onnx/graph.ts";
import { parseGraph, printGraph } from "../onnx/text.ts";
import { evaluate } from "../session/runtime.ts";
import { bakeIntegers, findShapes } from "./shapes.ts";
import { fold } from "./fold.ts";
import { widen } from "./widen.ts";

describe("fold", () => {
  it("evaluates what does not depend on the input", () =>
    expectPass(
      (graph) => fold(graph, evaluate),
      `x: f32[N, 2]
       a = Add(f32[1, 2], f32[3, 4])
       b = Mul(a, f32(2))
       y = Mul(x, b)
       return y`,
      `x: f32[N, 2]
       y = Mul(x, f32[8, 12])
       return y`,
    ));

  it("leaves dequantised weights, or the runtime's integer kernels would go", () =>
    expectPass(
      (graph) => fold(graph, evaluate),
      `x: f32[N, 2]
       w = DequantizeLinear(u8[1, 2], f32(0.5))
       y = Mul(x, w)
       return y`,
      `x: f32[N, 2]
       w = DequantizeLinear(u8[1, 2], f32(0.5))
       y = Mul(x, w)
       return y`,
    ));

  it("leaves large weights that a node fills in", async () => {
    const graph = parseGraph(
      `x: f32[N, 2000]
       w = ConstantOfShape(i64[2000, 2000])
       y = MatMul(x, w)
       return y`,
    );
    expect((await fold(graph, evaluate)).nodes).toHaveLength(2);
  });
});

describe("shapes", () => {
  const graph = parseGraph(
    `x: f32[N, 3, 4, 4]
     d = Shape(x)
     n = Gather(d, i64[0])
     c = Gather(d, i64[1])
     t = Concat(n, c, i64[16]) { axis: 0 }
     r = Reshape(x, t)
     p = Transpose(r) { perm: [1, 0, 2] }
     y = Reshape(p, i64[-1, 16])
     return y`,
  );
  const input = { name: "x", type: "f32", dims: [3, 4, 4], fixedBatch: null } as const;

  it("tells the batch, and multiples of it, by running at two batch sizes", async () => {
    const shapes = await findShapes(graph, input, evaluate);
    expect(shapes.get("p")).toMatchObject({ dims: [3, 2, 16], batchFactor: [0, 1, 0] });
    expect(shapes.get("y")).toMatchObject({ dims: [6, 16], batchFactor: [3, 0] });
    expect(shapes.get("c")?.integers).toEqual([3]);
    expect(shapes.get("n")?.integers).toBeUndefined();
  });

  it("takes indices that depend on the picture for no constants, even where two pictures agree", async () => {
    const best = parseGraph(
      "x: f32[N, 1, 1, 1]\nb = ArgMax(x) { axis: 1 }\ny = Cast(b) { to: 1 }\nreturn y",
    );
    const shapes = await findShapes(best, { ...input, dims: [1, 1, 1] }, evaluate);
    expect(shapes.get("b")?.integers).toBeUndefined();
  });

  it("bakes the integers of exporters' shape chains", async () => {
    const baked = bakeIntegers(graph, await findShapes(graph, input, evaluate));
    expect(baked.nodes.filter(({ op }) => op === "Gather")).toHaveLength(1); // only the batch is read
  });
});

describe("widen", () => {
  it("makes float32 of half precision: weights, casts, inputs and outputs", () => {
    const half: Graph = {
      ...parseGraph("x: f16[N, 2]\nc = Cast(x) { to: 10 }\ny = Mul(c, w)\nreturn y: f16[N, 2]"),
      constants: new Map([["w", filledConstant("f16", 0.5, [2])]]),
    };
    expect(printGraph(widen(half))).toBe(
      printGraph(
        parseGraph(
          "x: f32[N, 2]\nconst w = f32[0.5, 0.5]\nc = Cast(x) { to: 1 }\ny = Mul(c, w)\nreturn y: f32[N, 2]",
        ),
      ),
    );
  });
});
