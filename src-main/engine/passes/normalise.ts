import { tensorAttribute } from "../onnx/attributes.ts";
import { floatConstant, intConstant, numbersOf } from "../onnx/constant.ts";
import type { Attribute, Constant, Graph, Node } from "../onnx/graph.ts";
import { sortedNodes } from "../onnx/walk.ts";
import { referencePrefix, type LocalFunction, type Model } from "../onnx/wire.ts";

/**
 * One flat graph in topological order: local functions inlined, Constant nodes turned into constants, initialisers no
 * longer inputs. Models with IR below 4 list initialisers as inputs; left there they are overridable, and the runtime
 * folds and fuses nothing. Removing them without raising the IR fails on unused ones, so both are done.
 */
export function normalise(model: Model): Graph {
  const { graph, functions } = model;
  const budget = { nodes: mostNodes };
  const inlined = graph.nodes.flatMap((node, i) => inline(named(node, i), functions, budget, 0));
  const constants = new Map(graph.constants);
  const nodes = inlined.filter((node) => {
    const value = node.domain === "" && node.op === "Constant" ? constantOf(node) : undefined;
    const name = node.outputs[0];
    if (value && name) constants.set(name, value);
    return !value;
  });
  const domains = { ...graph.domains };
  for (const { domains: extra } of functions.values())
    for (const [domain, version] of Object.entries(extra)) if (domain) domains[domain] ??= version;
  return {
    ...graph,
    domains,
    irVersion: Math.max(8, graph.irVersion),
    inputs: graph.inputs.filter(({ name }) => !constants.has(name)),
    constants,
    nodes: sortedNodes(nodes),
  };
}

function named(node: Node, index: number): Node {
  return node.name ? node : { ...node, name: node.outputs[0] || `${node.op}_${index}` };
}

/** The value of a Constant node; undefined for the forms we leave to the runtime. */
function constantOf(node: Node): Constant | undefined {
  const tensor = tensorAttribute(node, "value");
  if (tensor) return tensor;
  const { value_float, value_floats, value_int, value_ints } = node.attributes;
  if (value_float?.kind === "float") return floatConstant([value_float.value], []);
  if (value_floats?.kind === "floats") return floatConstant(value_floats.value);
  if (value_int?.kind === "int") return intConstant([value_int.value], []);
  if (value_ints?.kind === "ints") return intConstant(value_ints.value);
  return undefined;
}

const deepest = 50;
/** Functions that call functions multiply: a few lines could ask for more nodes than there is memory. */
const mostNodes = 500_000;

function inline(
  node: Node,
  functions: ReadonlyMap<string, LocalFunction>,
  budget: { nodes: number },
  depth: number,
): readonly Node[] {
  if (--budget.nodes < 0) throw new RangeError("it unfolds into too many nodes");
  const body = functions.get(`${node.domain}:${node.op}`);
  if (!body) return [node];
  if (depth > deepest) throw new RangeError(`its function "${node.op}" calls itself`);
  const names = new Map<string, string>();
  body.inputs.forEach((inner, i) => names.set(inner, node.inputs[i] ?? ""));
  body.outputs.forEach((inner, i) => names.set(inner, node.outputs[i] || `${node.name}/${inner}`));
  const rename = (name: string) => (name ? (names.get(name) ?? `${node.name}/${name}`) : "");
  const resolve = (value: string) => node.attributes[value] ?? body.defaults[value];
  return body.nodes.flatMap((inner, i) =>
    inline(
      {
        ...renamed(inner, rename, resolve),
        name: `${node.name}/${inner.name || `${inner.op}_${i}`}`,
      },
      functions,
      budget,
      depth + 1,
    ),
  );
}

function renamed(
  node: Node,
  rename: (name: string) => string,
  resolve: (reference: string) => Attribute | undefined,
): Node {
  const attributes: Record<string, Attribute> = {};
  for (const [key, attribute] of Object.entries(node.attributes)) {
    const value =
      attribute.kind === "string" && attribute.value.startsWith(referencePrefix)
        ? resolve(attribute.value.slice(referencePrefix.length))
        : attribute;
    if (value?.kind === "graph")
      attributes[key] = { kind: "graph", value: renamedGraph(value.value, rename, resolve) };
    else if (value) attributes[key] = value;
  }
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes,
  };
}

/** A subgraph with every name replaced; its own names too, so that inlining it cannot clash. */
function renamedGraph(
  graph: Graph,
  rename: (name: string) => string,
  resolve: (reference: string) => Attribute | undefined,
): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map((info) => ({ ...info, name: rename(info.name) })),
    outputs: graph.outputs.map((info) => ({ ...info, name: rename(info.name) })),
    constants: new Map([...graph.constants].map(([name, value]) => [rename(name), value])),
    nodes: graph.nodes.map((node) => renamed(node, rename, resolve)),
  };
}

/** Replaces every If on a constant by the branch it takes; undefined when there is none. */
export function inlineConstantIfs(graph: Graph): Graph | undefined {
  let found = false;
  const constants = new Map(graph.constants);
  const nodes = graph.nodes.flatMap((node) => {
    const condition = node.op === "If" && constants.get(node.inputs[0] ?? "");
    if (!condition) return [node];
    const branch = node.attributes[numbersOf(condition)[0] ? "then_branch" : "else_branch"];
    if (branch?.kind !== "graph") return [node];
    found = true;
    const own = new Set([
      ...branch.value.constants.keys(),
      ...branch.value.nodes.flatMap(({ outputs }) => outputs),
    ]);
    const rename = (name: string) => (own.has(name) ? `${node.name}/${name}` : name);
    const body = renamedGraph(branch.value, rename, () => undefined);
    for (const [name, value] of body.constants) constants.set(name, value);
    const results = body.outputs.map(({ name }, i) => ({
      name: `${node.name}/result_${i}`,
      domain: "",
      op: "Identity",
      inputs: [name],
      outputs: [node.outputs[i] ?? ""],
      attributes: {},
    }));
    const inner = body.nodes.filter((part) => {
      const value = part.op === "Constant" ? constantOf(part) : undefined;
      if (value && part.outputs[0]) constants.set(part.outputs[0], value);
      return !value;
    });
    return [...inner, ...results.filter(({ outputs }) => outputs[0])];
  });
  if (!found) return undefined;
  return { ...graph, constants, nodes: sortedNodes(nodes) };
}
