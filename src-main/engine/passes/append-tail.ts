import type { Attribute, Constant, Graph, Node } from "../onnx/graph.ts";
import { freshNames } from "../onnx/walk.ts";
import type { WithView } from "./grid.ts";

/** A tail appended a second time. */
export interface AppendedTail extends WithView {
  /** What its values are called now, by their names in the tail. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Appends a second copy of the tail that reads `feeds` (by the names of its inputs) instead of the tap. Weights are
 * shared with the first. The view is the copy's logits.
 */
export function appendTail(
  graph: Graph,
  tail: { readonly graph: Graph; readonly logits: string },
  feeds: ReadonlyMap<string, string>,
): AppendedTail {
  const fresh = freshNames(graph);
  const names = new Map(feeds);
  const constants = new Map<string, Constant>(graph.constants);
  for (const [name, constant] of tail.graph.constants) {
    if (graph.constants.get(name) === constant) continue;
    const own = fresh(`tail/${name}`);
    names.set(name, own);
    constants.set(own, constant);
  }
  for (const node of tail.graph.nodes)
    for (const output of node.outputs) if (output) names.set(output, fresh(`tail/${output}`));
  const copies = tail.graph.nodes.map((node) => ({
    ...renamed(node, names),
    name: `tail/${names.get(node.outputs.find(Boolean) ?? "") ?? node.name}`, // a tail may be appended twice
  }));
  return {
    graph: { ...graph, constants, nodes: [...graph.nodes, ...copies] },
    view: names.get(tail.logits) ?? tail.logits,
    names,
  };
}

/** A node whose values go by other names, those that its subgraphs read too. */
export function renamed(node: Node, names: ReadonlyMap<string, string>): Node {
  const nameOf = (name: string) => names.get(name) ?? name;
  const attributes = Object.entries(node.attributes).map(([key, attribute]) => [
    key,
    renamedInside(attribute, names),
  ]);
  return {
    ...node,
    inputs: node.inputs.map(nameOf),
    outputs: node.outputs.map(nameOf),
    attributes: Object.fromEntries(attributes) as Node["attributes"], // the entries it was made of
  };
}

function renamedInside(attribute: Attribute, names: ReadonlyMap<string, string>): Attribute {
  if (attribute.kind !== "graph") return attribute;
  const { value } = attribute;
  const outputs = value.outputs.map((output) => ({
    ...output,
    name: names.get(output.name) ?? output.name,
  }));
  const nodes = value.nodes.map((node) => renamed(node, names));
  return { kind: "graph", value: { ...value, nodes, outputs } };
}
