import { describe, expect, it } from "vitest";
import { floatsOf } from "../onnx/constant.ts";
import { parseGraph } from "../onnx/text.ts";
import { evaluate, runGraph } from "../session/runtime.ts";
import { freeBatch } from "./batch.ts";
import { bakeIntegers, findShapes, probeImage } from "./shapes.ts";

const input = { name: "x", type: "f32", dims: [4, 2, 2], fixedBatch: 1 } as const;

async function free(text: string) {
  const graph = parseGraph(text);
  const shapes = await findShapes(graph, input, evaluate);
  return freeBatch(bakeIntegers(graph, shapes), shapes, input, evaluate);
}

describe("a fixed batch", () => {
  it("is freed: each Reshape gets −1 where the batch is, behind a Transpose too", async () => {
    const freed = await free(
      `x: f32[1, 4, 2, 2]
       const cls: f32[1, 1, 4]
       a = Reshape(x, i64[1, 4, 4])
       b = Transpose(a) { perm: [1, 0, 2] }
       c = Reshape(b, i64[2, 2, 4])
       d = Reshape(c, i64[4, 1, 4])
       e = Transpose(d) { perm: [1, 2, 0] }
       f = Concat(cls, e) { axis: 1 }
       y = Reshape(f, i64[1, 20])
       return y`,
    );
    expect(freed?.shapes.get("y")).toMatchObject({ dims: [2, 20], batchFactor: [1, 0] });
    const pictures = probeImage("f32", [3, 4, 2, 2], 5);
    const all = await runGraph(freed!.graph, new Map([["x", pictures]])); // freed above
    const last = { ...pictures, dims: [1, 4, 2, 2], bytes: pictures.bytes.slice(-64) };
    const alone = await runGraph(freed!.graph, new Map([["x", last]])); // freed above
    expect(floatsOf(all.get("y")!).slice(40)).toEqual(floatsOf(alone.get("y")!)); // one output
  });

  it("stays where pictures would mix without an error", async () => {
    expect(
      await free(
        `x: f32[1, 4, 2, 2]
         s = ReduceSum(x, i64[0]) { keepdims: 1 }
         a = Add(x, s)
         y = Reshape(a, i64[1, 16])
         return y`,
      ),
    ).toBeUndefined();
  });

  it("stays where an index is built for one picture", async () => {
    expect(
      await free(
        `x: f32[1, 4, 2, 2]
         r = Reshape(x, i64[4, 4])
         g = Gather(r, i64[3, 1, 2, 0]) { axis: 0 }
         y = Reshape(g, i64[1, 16])
         return y`,
      ),
    ).toBeUndefined();
  });
});
