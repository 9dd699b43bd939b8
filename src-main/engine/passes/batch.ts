import type { Evaluate } from "../onnx/evaluation.ts";
import type { Graph, Shapes } from "../onnx/graph.ts";
import type { ProbedInput } from "./shapes.ts";

/** Frees a fixed batch. */
export async function freeBatch(
  _graph: Graph,
  _shapes: Shapes,
  _input: ProbedInput,
  _evaluate: Evaluate,
): Promise<{ readonly graph: Graph; readonly shapes: Shapes } | undefined> {
  return undefined;
}
