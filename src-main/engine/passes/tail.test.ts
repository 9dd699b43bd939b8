import { describe, expect, it } from "vitest";
import { floatsOf } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { withOutputs } from "../onnx/walk.ts";
import { evaluate, runGraph } from "../session/runtime.ts";
import { findShapes, probeImage } from "./shapes.ts";
import { cutTail } from "./tail.ts";

const graph = parseGraph(
  `x: f32[N, 4, 2, 2]
   const w: f32[4, 4, 1, 1]
   const big: f32[16, 3]
   a = Conv(x, w)
   t = Relu(a)
   n = Shape(x) { start: 0, end: 1 }
   s = Concat(n, i64[16]) { axis: 0 }
   d = DequantizeLinear(u8[1, 2, 3], f32(0.5))
   m = Mul(t, a)
   r = Reshape(m, s)
   f = MatMul(r, big)
   y = Add(f, d)
   return y`,
);
const input = { name: "x", type: "f32", dims: [4, 2, 2], fixedBatch: null } as const;

describe("the tail", () => {
  it("takes what else crosses the cut as inputs, and computes shapes again from its own batch", async () => {
    const shapes = await findShapes(graph, input, evaluate);
    const tail = cutTail(graph, shapes, "t", "y", "x");
    expect(tail.crossing).toEqual(["a"]);
    expect(tail.graph.inputs.map(({ name }) => name)).toEqual(["t", "a"]);
    expect(tail.graph.inputs[0]?.dims).toEqual(["R", 4, 2, 2]);

    const feeds = new Map([["x", probeImage("f32", [2, 4, 2, 2], 3)]]);
    const whole = await runGraph(withOutputs(graph, ["t", "a", "y"]), feeds);
    const [t, a] = [whole.get("t")!, whole.get("a")!]; // outputs asked for
    const twice = (value: typeof t) => ({
      ...value,
      dims: [4, 4, 2, 2],
      bytes: Uint8Array.from([...value.bytes, ...value.bytes]),
    });
    const rows = await runGraph(
      tail.graph,
      new Map([
        ["t", twice(t)],
        ["a", twice(a)],
      ]),
    );
    const y = floatsOf(whole.get("y")!); // an output asked for
    expect([...floatsOf(rows.get("y")!)]).toEqual([...y, ...y]); // the tail's output
  });
});
