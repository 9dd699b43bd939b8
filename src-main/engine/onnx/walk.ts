import type { Graph, Node } from "./graph.ts";

/** Values a node reads: its inputs and what its subgraphs take from outside. */
export function readsOf(node: Node): readonly string[] {
  const inputs = node.inputs.filter((name) => name !== "");
  const nested = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === "graph" ? outerReads(attribute.value) : [],
  );
  return nested.length ? [...inputs, ...nested] : inputs;
}

function outerReads(graph: Graph): string[] {
  const own = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.constants.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const wanted = [
    ...graph.nodes.flatMap((node) => readsOf(node)),
    ...graph.outputs.map(({ name }) => name),
  ];
  return wanted.filter((name) => !own.has(name));
}

/** Values a node makes; absent optional outputs are left off. */
export function makesOf(node: Node): readonly string[] {
  return node.outputs.filter((name) => name !== "");
}

/** The node that makes each value. */
export function producersOf(graph: Graph): Map<string, Node> {
  const producers = new Map<string, Node>();
  for (const node of graph.nodes) for (const name of makesOf(node)) producers.set(name, node);
  return producers;
}

/** The nodes that read each value, in graph order. */
export function consumersOf(graph: Graph): Map<string, Node[]> {
  const consumers = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const name of new Set(readsOf(node))) {
      const readers = consumers.get(name);
      if (readers) readers.push(node);
      else consumers.set(name, [node]);
    }
  return consumers;
}

/** Every value that depends on one of `sources`, these included. */
export function descendantsOf(graph: Graph, sources: Iterable<string>): Set<string> {
  const reached = new Set(sources);
  for (const node of graph.nodes)
    if (readsOf(node).some((name) => reached.has(name)))
      for (const name of makesOf(node)) reached.add(name);
  return reached;
}

/** Every value that one of `targets` depends on, these included; the walk stops at `ends`. */
export function ancestorsOf(
  graph: Graph,
  targets: Iterable<string>,
  ends: ReadonlySet<string> = new Set(),
): Set<string> {
  const wanted = new Set(targets);
  for (const node of graph.nodes.toReversed())
    if (makesOf(node).some((name) => wanted.has(name) && !ends.has(name)))
      for (const name of readsOf(node)) wanted.add(name);
  return wanted;
}

/** The graph that makes its outputs and nothing else: unread nodes, constants and inputs are left off. */
export function pruned(graph: Graph): Graph {
  const wanted = ancestorsOf(
    graph,
    graph.outputs.map(({ name }) => name),
  );
  const nodes = graph.nodes.filter((node) => makesOf(node).some((name) => wanted.has(name)));
  const read = new Set([
    ...nodes.flatMap((node) => readsOf(node)),
    ...graph.outputs.map(({ name }) => name),
  ]);
  return {
    ...graph,
    nodes,
    inputs: graph.inputs.filter(({ name }) => read.has(name)),
    constants: new Map([...graph.constants].filter(([name]) => read.has(name))),
  };
}

/**
 * The nodes in an order in which each comes after what it reads; the given order is kept where it can be. Throws
 * RangeError for a node that reads its own result.
 */
export function sortedNodes(nodes: readonly Node[]): Node[] {
  const makers = new Map(nodes.flatMap((node) => makesOf(node).map((name) => [name, node])));
  const states = new Map<Node, "open" | "done">();
  const sorted: Node[] = [];
  for (const root of nodes) {
    const stack = [root];
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const state = states.get(node);
      if (state === "done") {
        stack.pop();
        continue;
      }
      if (state === "open") {
        states.set(node, "done");
        sorted.push(node);
        stack.pop();
        continue;
      }
      states.set(node, "open");
      for (const name of readsOf(node).toReversed()) {
        const maker = makers.get(name);
        if (!maker || states.get(maker) === "done") continue;
        if (states.get(maker) === "open") throw new RangeError(`node "${maker.name}" reads itself`);
        stack.push(maker);
      }
    }
  }
  return sorted;
}

/** Makes names that neither the graph nor a graph inside it uses yet. */
export function freshNames(graph: Graph): (wish: string) => string {
  const taken = new Set(namesIn(graph));
  return (wish) => {
    let name = wish;
    for (let n = 1; taken.has(name); n++) name = `${wish}_${n}`;
    taken.add(name);
    return name;
  };
}

function namesIn(graph: Graph): string[] {
  return [
    ...graph.constants.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs, attributes }) => [
      ...outputs,
      ...Object.values(attributes).flatMap((attribute) =>
        attribute.kind === "graph" ? namesIn(attribute.value) : [],
      ),
    ]),
  ];
}

/** The same graph with these outputs; their types are the runtime's business. */
export function withOutputs(graph: Graph, names: readonly string[]): Graph {
  return { ...graph, outputs: names.map((name) => ({ name, type: null, dims: null })) };
}

/** A node of the standard domain. */
export function plainNode(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Node["attributes"] = {},
  name = `${op}:${outputs[0] ?? ""}`,
): Node {
  return { name, domain: "", op, inputs, outputs, attributes };
}
