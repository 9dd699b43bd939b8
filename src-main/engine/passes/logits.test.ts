import { describe, expect, it } from "vitest";
import { parseGraph } from "../onnx/text.ts";
import { evaluate } from "../session/runtime.ts";
import { findLogits, findTrainingNode } from "./logits.ts";
import { scoreCandidates } from "./outputs.ts";
import { findShapes } from "./shapes.ts";

async function logitsOf(text: string) {
  const graph = parseGraph(text);
  const input = { name: "x", type: "f32", dims: [2, 3, 3], fixedBatch: null } as const;
  const shapes = await findShapes(graph, input, evaluate);
  return findLogits(graph, shapes, scoreCandidates(graph, [], "x"));
}

const head = "x: f32[N, 2, 3, 3]\nconst w: f32[5, 2, 3, 3]\nz = Conv(x, w)\n"; // z: [N,5,1,1]

describe("logits", () => {
  it.each([
    ["softmax", "f = Flatten(z)\ns = Softmax(f)\nreturn s", "f"],
    ["softmax", "s = LogSoftmax(z) { axis: 1 }\ny = Squeeze(s, i64[2, 3])\nreturn y", "z/rows"],
    [
      "sigmoid",
      "f = Flatten(z)\ns = Sigmoid(f)\nc = Cast(s) { to: 1 }\ny = Identity(c)\nreturn y",
      "f",
    ],
    ["none", "f = Flatten(z)\ny = Relu(f)\nreturn y", "y"],
  ])("walks back over a %s: %s", async (stripped, tail, name) => {
    expect(await logitsOf(head + tail)).toMatchObject({ stripped, name, classes: 5 });
  });

  it("stops at a softmax within the network", async () => {
    const found = await logitsOf(`${head}f = Flatten(z)\ns = Softmax(f)\ny = Mul(s, f)\nreturn y`);
    expect(found).toMatchObject({ stripped: "none", name: "y" });
  });

  it("takes the scores that a label was chosen by", async () => {
    const found = await logitsOf(
      `${head}f = Flatten(z)\ns = Softmax(f)\na = ArgMax(s) { axis: 1 }\nreturn a: i64[N, 1]`,
    );
    expect(found).toMatchObject({ stripped: "softmax", name: "f", output: "s" });
  });

  it("finds none where the output is a picture or boxes", async () => {
    expect(await logitsOf("x: f32[N, 2, 3, 3]\ny = Relu(x)\nreturn y")).toBeUndefined();
    expect(
      await logitsOf(`${head}y = Reshape(z, i64[0, 5, 1])\nb = Tile(y, i64[1, 1, 4])\nreturn b`),
    ).toBeUndefined();
  });

  it("names nodes exported for training", () => {
    const graph = parseGraph(
      `x: f32[N, 2]
       const a: f32[2]
       y, m, v = BatchNormalization(x, a, a, a, a) { training_mode: 1 }
       return y`,
    );
    expect(findTrainingNode(graph)?.op).toBe("BatchNormalization");
  });
});
