import type { Constant, ElementType, Graph } from "./graph.ts";

/** Values by name. */
export type Values = ReadonlyMap<string, Constant>;

/** A loaded graph that can be run: what passes are handed instead of a runtime. */
export interface Evaluation {
  /** Element type of every output, as the runtime infers it; outputs that are no tensors are left off. */
  readonly outputTypes: ReadonlyMap<string, ElementType>;
  /** All outputs, or those named by `fetches`. */
  run(feeds: Values, fetches?: readonly string[]): Promise<Values>;
  close(): Promise<void>;
}

/** Loads a graph. With `plain` the runtime leaves the graph as written, which loads faster and runs slower. */
export type Evaluate = (graph: Graph, how?: "plain" | "optimised") => Promise<Evaluation>;

/** Runs a graph once and closes it. */
export async function evaluateOnce(
  evaluate: Evaluate,
  graph: Graph,
  feeds: Values = new Map(),
): Promise<Values> {
  const evaluation = await evaluate(graph, "plain");
  try {
    return await evaluation.run(feeds);
  } finally {
    await evaluation.close();
  }
}
