import { fail } from "../../../shared/errors/app-error.ts";
import { attributesFrom } from "../onnx/attributes.ts";
import { intConstant } from "../onnx/constant.ts";
import type { Graph, Node, Shapes, ValueShape } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";
import { appendTail } from "./append-tail.ts";
import { cutTail } from "./tail.ts";

/** A model with one more classifier per block. */
export interface BlockScores {
  readonly graph: Graph;
  readonly shapes: Shapes;
  /** The logits `[N,C]` of each block, in the order asked for. */
  readonly scores: readonly string[];
}

/**
 * Appends what the classifier makes of the tokens `Z_l [N,T,D]` that leave each block. The classifier is everything behind
 * the last block's tokens: its norm, its choice of tokens, its linear layer. It is shared, and reads the mean over all tokens
 * of the block in place of every token, so that it does not matter which of them it picks. Refuses with `gradient/no-path`
 * where it reads anything beside those tokens.
 */
export function appendBlockScores(
  model: {
    readonly graph: Graph;
    readonly shapes: Shapes;
    readonly image: { readonly name: string };
    readonly logits: { readonly name: string };
  },
  last: string,
  outputs: readonly string[],
): BlockScores {
  const logits = model.logits.name;
  const tail = cutTail(model.graph, model.shapes, last, logits, model.image.name);
  if (tail.crossing.length > 0) fail("gradient/no-path", { tap: last });
  const shapes = new Map<string, ValueShape>(model.shapes);
  let { graph } = model;
  const scores = outputs.map((tokens) => {
    const mean = appendMean(tokens);
    const copy = appendTail(graph, { graph: tail.graph, logits }, new Map([[last, mean]]));
    for (const [name, own] of copy.names) {
      const shape = model.shapes.get(name);
      if (shape) shapes.set(own, shape);
    }
    graph = copy.graph;
    return copy.view;
  });
  return { graph, shapes, scores };

  /** The mean token in place of each: `[N,T,D]`. */
  function appendMean(tokens: string): string {
    const fresh = freshNames(graph);
    const whole = shapes.get(tokens);
    if (!whole) throw new RangeError(`nothing is known of "${tokens}"`);
    const [axis, mean, size, spread] = ["axis", "mean", "size", "spread"].map((wish) =>
      fresh(`${tokens}/${wish}`),
    ) as [string, string, string, string]; // four names
    const nodes: Node[] = [
      plainNode("ReduceMean", [tokens, axis], [mean], attributesFrom({ keepdims: 1 })),
      plainNode("Shape", [tokens], [size]),
      plainNode("Expand", [mean, size], [spread]),
    ];
    const dims = whole.dims.map((dim, i) => (i === 1 ? 1 : dim));
    shapes.set(axis, { type: "i64", dims: [1], batchFactor: [0], integers: [1] });
    shapes.set(mean, { ...whole, dims });
    shapes.set(size, { type: "i64", dims: [dims.length], batchFactor: [0] });
    shapes.set(spread, whole);
    const constants = new Map(graph.constants).set(axis, intConstant([1]));
    graph = { ...graph, constants, nodes: [...graph.nodes, ...nodes] };
    return spread;
  }
}
