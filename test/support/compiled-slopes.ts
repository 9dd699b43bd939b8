import { appendBackward } from "../../src-main/engine/gradients/backward.ts";
import { floatConstant, floatsOf } from "../../src-main/engine/onnx/constant.ts";
import { parseGraph } from "../../src-main/engine/onnx/text.ts";
import { withOutputs } from "../../src-main/engine/onnx/walk.ts";
import { runGraph } from "../../src-main/engine/session/runtime.ts";
import { probeShapes } from "./probe-shapes.ts";

/**
 * The compiled gradient of Σ seed·`y` with respect to `x` of a graph in text form, at stated numbers: for what
 * differences cannot see, such as ties, staircases and infinities. The seed is all ones unless stated.
 */
export async function compiledSlopes(
  text: string,
  x: readonly number[],
  seed?: readonly number[],
): Promise<number[]> {
  const graph = parseGraph(text);
  const dims = graph.inputs.find(({ name }) => name === "x")?.dims?.map(Number);
  const feeds = new Map([["x", floatConstant(x, dims)]]);
  const shapes = await probeShapes(graph, () => feeds);
  const backward = appendBackward({ graph, shapes, taps: ["x"], logits: "y", seed: "seed" });
  const name = backward.gradients.get("x") ?? "";
  const own = shapes.get("y")?.dims ?? [];
  const ones = new Array<number>(own.reduce((count, dim) => count * dim, 1)).fill(1);
  const compiled = withOutputs(backward.graph, [name]);
  const run = await runGraph(
    compiled,
    new Map([...feeds, ["seed", floatConstant(seed ?? ones, own)]]),
  );
  return [...floatsOf(run.get(name) ?? floatConstant([]))];
}
