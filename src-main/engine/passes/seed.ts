import { attributesFrom } from "../onnx/attributes.ts";
import { floatConstant, intConstant } from "../onnx/constant.ts";
import type { Constant, Graph, Node } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";

/** A graph whose seed is computed inside it. */
export interface Seeded {
  readonly graph: Graph;
  /** The value to start the backward pass from, `[N,C]`. */
  readonly seed: string;
  /** Inputs: weights of the logits `[N,C]`, and `[2]` that switch "predicted" and "top-2" on. */
  readonly weights: string;
  readonly automatic: string;
}

/**
 * The seed as `weights + a₀·onehot(arg-max) + a₁·(best − runner-up)`: classes are given from outside, or found inside
 * the same run. With one class the prediction is a sign: +1 for class 1, −1 for class 0.
 */
export function appendSeed(graph: Graph, logits: string, classes: number): Seeded {
  const fresh = freshNames(graph);
  const constants = new Map<string, Constant>(graph.constants);
  const nodes: Node[] = [];
  const constant = (wish: string, value: Constant) => {
    const name = fresh(`seed/${wish}`);
    constants.set(name, value);
    return name;
  };
  const write = (
    op: string,
    inputs: readonly string[],
    attributes: Parameters<typeof attributesFrom>[0] = {},
    count = 1,
  ) => {
    const outputs = Array.from({ length: count }, () => fresh(`seed/${op}`));
    nodes.push(plainNode(op, inputs, outputs, attributesFrom(attributes)));
    return outputs.at(-1) ?? "";
  };
  const [weights, automatic] = [fresh("seed_weights"), fresh("seed_automatic")];
  const zero = constant("zero", floatConstant([0], []));
  let predicted: string;
  let contrast: string;
  if (classes === 1) {
    const one = constant("one", floatConstant([1], []));
    const less = constant("less", floatConstant([-1], []));
    predicted = write("Where", [write("Greater", [logits, zero]), one, less]);
    contrast = predicted;
  } else {
    const depth = constant("depth", intConstant([classes], []));
    const values = constant("values", floatConstant([0, 1]));
    const best = write("ArgMax", [logits], { axis: 1, keepdims: 0 });
    predicted = write("OneHot", [best, depth, values], { axis: -1 });
    const top = write("TopK", [logits, constant("two", intConstant([2]))], { axis: 1 }, 2);
    const pair = write("OneHot", [top, depth, values], { axis: -1 });
    const signs = constant("signs", floatConstant([1, -1], [1, 2, 1]));
    const axis = constant("axis", intConstant([1]));
    contrast = write("ReduceSum", [write("Mul", [pair, signs]), axis], { keepdims: 0 });
  }
  const pick = (at: number) =>
    write("Gather", [automatic, constant(`at_${at}`, intConstant([at], []))], { axis: 0 });
  const first = write("Add", [weights, write("Mul", [predicted, pick(0)])]);
  const seed = write("Add", [first, write("Mul", [contrast, pick(1)])]);
  const batch = graph.inputs[0]?.dims?.[0] ?? "N";
  return {
    graph: {
      ...graph,
      constants,
      inputs: [
        ...graph.inputs,
        { name: weights, type: "f32", dims: [batch, classes] },
        { name: automatic, type: "f32", dims: [2] },
      ],
      nodes: [...graph.nodes, ...nodes],
    },
    seed,
    weights,
    automatic,
  };
}
