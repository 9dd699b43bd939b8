import { fail } from "../../../shared/errors/app-error.ts";
import { createBackwardGraph, type BackwardGraph } from "../gradients/emitter.ts";
import { extentsOf, isSame } from "../gradients/extents.ts";
import { show } from "../gradients/known.ts";
import { isFloat, numbersOf } from "../onnx/constant.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { ancestorsOf, descendantsOf, producersOf } from "../onnx/walk.ts";
import { codeReaders, publishedOperators, ruleOf } from "./registry.ts";
import type { RelevanceContext, RelevanceRule } from "./rule.ts";
import { factsOf } from "./signs.ts";

export interface Sweep {
  readonly graph: Graph;
  /** The value that holds the relevance, of the shape of `to`. */
  readonly relevance: string;
  /** Of what the sweep wrote. */
  readonly shapes: Shapes;
  /** Operators that the sweep went through by rules of ours, the paper's code having none. */
  readonly extended: readonly string[];
  /** BatchNormalization nodes on the way: none means that there were none, or that the exporter folded them. */
  readonly batchNorms: number;
}

/**
 * Appends to a graph the nodes that take components at `from`, one number per element, back to `to`: each node hands what
 * lies at its output to its inputs in proportion to their positive share in it. `seed` names the components, of the shape of
 * `from`; it becomes an input where the graph has no such value. What is swept is linear in the seed: signs travel with it,
 * and nothing is cut at 0 on the way.
 *
 * The same reverse walk as for gradients, with two differences: rules may let relevance end in an input (a gate is taken as a
 * constant), and they read activations, since shares depend on them. Refuses with the catalogue's `relevance/…`.
 */
export function appendRelevance(options: {
  readonly graph: Graph;
  readonly shapes: Shapes;
  readonly from: string;
  readonly to: string;
  readonly image: string;
  readonly seed: string;
}): Sweep {
  const { graph, shapes, from, to, image, seed } = options;
  const seedShape = shapes.get(from);
  if (!seedShape) throw new RangeError(`nothing is known of the value "${from}"`);
  const written = createBackwardGraph(graph, shapes, { name: seed, shape: seedShape }, "relevance");
  const facts = factsOf(graph, image);
  const producers = producersOf(graph);
  const onTheWay = ancestorsOf(graph, [from], new Set([to]));
  const holdsNumbers = (name: string) => {
    const type = shapes.get(name)?.type ?? "f32";
    return isFloat(type) || type === "i8" || type === "u8"; // codes stand for floats; indices and shapes do not
  };
  const reached = new Set(
    [...descendantsOf(graph, [to])].filter((name) => onTheWay.has(name) && holdsNumbers(name)),
  );
  const parts = new Map<string, readonly string[]>([[from, reached.has(from) ? [seed] : []]]);
  const extended = new Set<string>();
  let batchNorms = 0;

  const relevanceOf = (value: string): string | null => {
    const [first = null, ...more] = parts.get(value) ?? [];
    if (first === null) return null;
    const sum = more.reduce((sum, next) => written.emit("Add", [sum, next]), first);
    parts.set(value, [sum]);
    return sum;
  };

  for (const node of graph.nodes.toReversed()) {
    if (node.outputs.includes(to)) continue;
    const wanted = node.inputs.map((input) => reached.has(input));
    const flowing = node.outputs.find((output) => parts.get(output)?.length);
    if (!wanted.includes(true) || !flowing) continue;
    written.begin(labelOf(node), "f32");
    const relevances = node.outputs.map((output) => (output ? relevanceOf(output) : null));
    const results = applyRule(node, written, {
      relevances,
      wanted,
      isVarying: (name) => facts.varying.has(name),
      isPicture: (name) => facts.picture.has(name),
      isNonNegative: (name) => facts.nonNegative.has(name),
      maker: (name) => producers.get(name),
    });
    // Before the first layer the picture is only prepared, and a bias or a scale takes nothing: no rule is needed there.
    const isPreparation = node.outputs.every((output) => facts.picture.has(output));
    const isConstantStep =
      arithmetic.has(node.op) && node.inputs.filter((input) => facts.varying.has(input)).length < 2;
    const isPlain = isPreparation || isConstantStep;
    if (!isPlain && !publishedOperators.has(node.op)) extended.add(node.op);
    if (!isPreparation && node.op === "BatchNormalization") batchNorms++;
    results.forEach((relevance, i) => {
      const input = node.inputs[i];
      if (!relevance || !input || !wanted[i]) return;
      check(written, node, i, relevance, input);
      parts.set(input, [...(parts.get(input) ?? []), relevance]);
    });
  }

  written.begin("end", "f32");
  const relevance = relevanceOf(to) ?? fail("relevance/no-path", { from, to });
  const isThere = [...graph.inputs.map(({ name }) => name), ...producers.keys()].includes(seed);
  const { type, dims, batchFactor } = seedShape;
  const input = { name: seed, type, dims: dims.map((dim, i) => (batchFactor[i] ? "N" : dim)) };
  return {
    graph: {
      ...graph,
      inputs: isThere ? graph.inputs : [...graph.inputs, input],
      constants: new Map([...graph.constants, ...written.constants]),
      nodes: [...graph.nodes, ...written.nodes],
    },
    relevance,
    shapes: new Map(
      [...written.nodes.flatMap((node) => node.outputs), ...written.constants.keys()].map(
        (name) => [name, written.shape(name)],
      ),
    ),
    extended: [...extended].toSorted(),
    batchNorms,
  };
}

const arithmetic = new Set(["Add", "Sub", "Mul", "Div", "Sum"]);

type Given = Pick<
  RelevanceContext,
  "relevances" | "wanted" | "isVarying" | "isPicture" | "isNonNegative" | "maker"
>;

function applyRule(node: Node, written: BackwardGraph, given: Given): ReturnType<RelevanceRule> {
  const refuse = (why?: string): never => {
    const op = node.domain ? `${node.domain}:${node.op}` : node.op;
    const details = { node: labelOf(node), op };
    return fail("relevance/no-rule", why ? { ...details, why } : details);
  };
  const rule = ruleOf(node) ?? refuse();
  const integersOrNone = (index: number) => {
    const name = node.inputs[index];
    if (!name) return undefined;
    const constant = written.constant(name);
    const integers = constant ? numbersOf(constant) : written.shape(name).integers;
    return integers ?? refuse(`its input ${index} varies from image to image`);
  };
  const readsCodes = node.inputs.some(
    (input, i) => given.wanted[i] && !isFloat(written.shape(input).type),
  );
  if (readsCodes && !codeReaders.has(node.op)) refuse("it works on codes, not on numbers");
  const [relevance] = given.relevances;
  if (!relevance && node.op !== "Split") refuse("a second output is used");
  return rule({
    ...written,
    ...given,
    node,
    inputs: node.inputs,
    outputs: node.outputs,
    relevance: relevance ?? "",
    integersOrNone,
    integers: (index) => integersOrNone(index) ?? refuse(`it has no input ${index}`),
    refuse,
  });
}

function check(
  written: BackwardGraph,
  node: Node,
  index: number,
  result: string,
  input: string,
): void {
  const [own, due] = [extentsOf(written.shape(result)), extentsOf(written.shape(input))];
  if (isSame(own, due)) return;
  throw new RangeError(
    `the relevance rule of ${node.op} at "${labelOf(node)}" returned [${show(own)}] for input ${index}, ` +
      `which is [${show(due)}]`,
  );
}

function labelOf(node: Node): string {
  return node.name || (node.outputs.find(Boolean) ?? node.op);
}
