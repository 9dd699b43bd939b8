import { fail } from "../../../shared/errors/app-error.ts";
import { isFloat, numbersOf } from "../onnx/constant.ts";
import type { ElementType, Graph, Node, Shapes, ValueShape } from "../onnx/graph.ts";
import { ancestorsOf, descendantsOf, readsOf } from "../onnx/walk.ts";
import { createBackwardGraph, type BackwardGraph } from "./emitter.ts";
import { extentsOf, isSame } from "./extents.ts";
import { show } from "./known.ts";
import { ruleOf } from "./registry.ts";
import type { Rule, RuleContext } from "./rule.ts";

export interface Backward {
  readonly graph: Graph;
  /** Of each tap, the value that holds d score / d tap. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Whether a backward node reads a forward activation; if none does, the tail is affine in the earliest tap. */
  readonly readsForward: boolean;
}

/**
 * Appends to a graph the nodes that compute d(Σ seed · logits) / d tap, for several taps in one pass to the earliest.
 * Forward nodes stay untouched; graph outputs are the caller's. `seed` names a value of the logits' shape; where the
 * graph has none of that name, it becomes an input.
 *
 * Reverse accumulation: a rule runs for each node between a tap and the logits, last node first, and is told which of
 * its inputs lead back to a tap. Integers end the walk, but for quantised activations, which stand for the floats they
 * encode. A missing rule on one of several paths is refused: a partial gradient is a wrong one.
 */
export function appendBackward(options: {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly taps: readonly string[];
  readonly logits: string;
  readonly seed: string;
  /** Where rules are looked up: the registry, unless stated. */
  readonly findRule?: (node: Node) => Rule | undefined;
}): Backward {
  const { graph, shapes, taps, logits, seed, findRule = ruleOf } = options;
  const needed = ancestorsOf(graph, [logits]);
  for (const tap of taps) if (!needed.has(tap)) fail("tap/no-path", { tap, next: "" });

  const seedShape = shapes.get(logits);
  if (!seedShape) throw new RangeError(`nothing is known of the logits "${logits}"`);
  const backward = createBackwardGraph(graph, shapes, { name: seed, shape: seedShape });
  const reached = reach(graph, shapes, taps);
  const parts = new Map<string, string[]>([[logits, reached.has(logits) ? [seed] : []]]);

  const gradientOf = (value: string): string | null => {
    const contributions = parts.get(value) ?? [];
    const [first = null, ...more] = contributions;
    if (first === null) return null;
    const sum = more.reduce((sum, next) => backward.emit("Add", [sum, next]), first);
    parts.set(value, [sum]);
    return sum;
  };

  for (const node of graph.nodes.toReversed()) {
    const wanted = node.inputs.map((input) => reached.has(input));
    if (!wanted.includes(true) && !isControlFlow(node)) continue;
    const flowing = node.outputs.find((output) => reached.has(output) && parts.get(output)?.length);
    if (!flowing) continue;
    const { label } = describe(node);
    const type = gradientType(backward.shape(flowing).type);
    backward.begin(label, type);
    const gradients = node.outputs.map((output) => (output ? gradientOf(output) : null));
    applyRule(node, findRule(node), backward, gradients, wanted).forEach((gradient, i) => {
      const input = node.inputs[i];
      if (gradient && input && wanted[i]) parts.set(input, [...(parts.get(input) ?? []), gradient]);
    });
  }

  backward.begin("taps", "f32");
  const gradients = new Map<string, string>();
  const used = new Set([seed]);
  for (const tap of taps) {
    const gradient = gradientOf(tap) ?? fail("gradient/no-path", { tap });
    const own = used.has(gradient) ? backward.emit("Identity", [gradient]) : gradient;
    used.add(own);
    gradients.set(tap, own);
  }
  return finish(graph, backward, gradients, seed, seedShape);
}

function applyRule(
  node: Node,
  found: Rule | undefined,
  backward: BackwardGraph,
  gradients: readonly (string | null)[],
  wanted: readonly boolean[],
): readonly (string | null)[] {
  const { label, op } = describe(node);
  const refuse = (why?: string): never =>
    fail("gradient/no-rule", why ? { node: label, op, why } : { node: label, op });
  if (isControlFlow(node)) fail("gradient/control-flow", { node: label, op });
  const rule = found ?? refuse();
  const [gradient] = gradients;
  const integersOrNone = (index: number) => {
    const name = node.inputs[index];
    if (!name) return undefined;
    const constant = backward.constant(name);
    const integers = constant ? numbersOf(constant) : backward.shape(name).integers;
    return integers ?? refuse(`its input ${index} varies from image to image`);
  };
  const context: RuleContext = {
    ...backward,
    node,
    inputs: node.inputs,
    outputs: node.outputs,
    gradient: gradient ?? "",
    gradients,
    wanted,
    integersOrNone,
    integers: (index) => integersOrNone(index) ?? refuse(`it has no input ${index}`),
    refuse,
  };
  // Only Split has several differentiable outputs; elsewhere the others are statistics or indices.
  if (op !== "Split" && gradients.slice(1).some(Boolean)) refuse("a second output is used");
  const results = rule(context);
  wanted.forEach((isWanted, i) => {
    if (!isWanted) return;
    const [result, input] = [
      results[i] ?? refuse(`its input ${i} depends on the layer`),
      node.inputs[i],
    ];
    check(backward, `the rule of ${op} at "${label}"`, i, result, input ?? "");
  });
  return results;
}

function check(
  backward: BackwardGraph,
  rule: string,
  index: number,
  result: string,
  input: string,
) {
  const [given, due] = [backward.shape(result), backward.shape(input)];
  const type = gradientType(due.type);
  const [own, expected] = [extentsOf(given), extentsOf(due)];
  if (given.type === type && isSame(own, expected)) return;
  throw new RangeError(
    `${rule} returned ${given.type}[${show(own)}] for input ${index}, ` +
      `which is ${type}[${show(expected)}]`,
  );
}

/** Values that depend on a tap through differentiable nodes. */
function reach(graph: Graph, shapes: Shapes, taps: readonly string[]): Set<string> {
  const reached = new Set(taps);
  const isCode = (name: string) => codes.has(shapes.get(name)?.type ?? "string");
  for (const node of graph.nodes) {
    if (zeroSlope.has(node.op) && !node.domain) continue;
    if (!readsOf(node).some((input) => reached.has(input))) continue;
    const readsCodes = node.inputs.some((input) => reached.has(input) && isCode(input));
    const passesCodes = node.op === "QuantizeLinear" || readsCodes;
    for (const output of node.outputs) {
      const type = shapes.get(output)?.type;
      // What is no tensor, or was not probed, is reached too: the rule then says so, instead of a part going missing.
      if (!type || isFloat(type) || (passesCodes && isCode(output))) reached.add(output);
    }
  }
  return reached;
}

/** Drops what no gradient needs, and puts both graphs together. */
function finish(
  graph: Graph,
  backward: BackwardGraph,
  gradients: ReadonlyMap<string, string>,
  seed: string,
  seedShape: ValueShape,
): Backward {
  const needed = new Set(gradients.values());
  const nodes = backward.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((output) => needed.has(output))) return false;
      node.inputs.forEach((input) => needed.add(input));
      return true;
    })
    .toReversed();
  const constants = new Map(graph.constants);
  for (const [name, constant] of backward.constants)
    if (needed.has(name)) constants.set(name, constant);

  const activations = descendantsOf(
    graph,
    graph.inputs.map(({ name }) => name),
  );
  const readsForward = nodes.some((node) =>
    node.inputs.some((input) => input !== seed && activations.has(input)),
  );
  const isThere =
    graph.inputs.some(({ name }) => name === seed) ||
    graph.constants.has(seed) ||
    graph.nodes.some((node) => node.outputs.includes(seed));
  const { type, dims, batchFactor } = seedShape;
  const input = { name: seed, type, dims: dims.map((dim, i) => (batchFactor[i] ? "N" : dim)) };
  const inputs = isThere ? graph.inputs : [...graph.inputs, input];
  return {
    graph: { ...graph, inputs, constants, nodes: [...graph.nodes, ...nodes] },
    gradients,
    readsForward,
  };
}

function gradientType(type: ElementType): ElementType {
  return isFloat(type) ? type : "f32";
}

function describe(node: Node): { label: string; op: string } {
  const label = node.name || (node.outputs.find(Boolean) ?? node.op);
  return { label, op: node.domain ? `${node.domain}:${node.op}` : node.op };
}

const controlFlow = new Set(["If", "Loop", "Scan", "SequenceMap", "LSTM", "GRU", "RNN"]);

function isControlFlow(node: Node): boolean {
  return controlFlow.has(node.op) && !node.domain;
}

/** Float outputs that do not move when the input does. */
const zeroSlope = new Set(
  ["Sign Floor Ceil Round Hardmax OneHot EyeLike ConstantOfShape Range", "Bernoulli Multinomial"]
    .concat(["RandomNormalLike RandomUniformLike RandomNormal RandomUniform"])
    .flatMap((ops) => ops.split(" ")),
);

/** What QuantizeLinear writes: such a value, once reached, stands for the floats it encodes. */
const codes = new Set<ElementType>(["i8", "u8", "i16", "u16", "i32"]);
