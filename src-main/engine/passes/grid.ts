import { attributesFrom } from "../onnx/attributes.ts";
import { intConstant } from "../onnx/constant.ts";
import type { Constant, Graph, Node } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";
import type { MapLayout } from "./layouts.ts";

/** A graph with a view of one value appended to it. */
export interface WithView {
  readonly graph: Graph;
  /** The name of the view. */
  readonly view: string;
}

/** Appends the value as a grid, channels first: `[N,K,H,W]`, prefix tokens left off. */
export function viewAsGrid(graph: Graph, name: string, layout: MapLayout): WithView {
  const [k, h, w] = layout.grid;
  if (layout.layout === "channels-first") return { graph, view: name };
  const { write, done } = appender(graph);
  if (layout.layout === "channels-last")
    return done(write("Transpose", [name], `${name}/grid`, { perm: [0, 3, 1, 2] }));
  const tokens = layout.prefixTokens
    ? write(
        "Slice",
        [name, [layout.prefixTokens], [layout.prefixTokens + h * w], [1]],
        `${name}/patches`,
      )
    : name;
  const turned = write("Transpose", [tokens], `${name}/channels`, { perm: [0, 2, 1] });
  return done(write("Reshape", [turned, [0, k, h, w]], `${name}/grid`));
}

/** Appends the prefix tokens of the value, `[N,P,D]`. */
export function viewPrefix(graph: Graph, name: string, layout: MapLayout): WithView {
  const { write, done } = appender(graph);
  return done(write("Slice", [name, [0], [layout.prefixTokens], [1]], `${name}/prefix`));
}

/** Appends the first position of a grid, `[N,K,1,1]`. */
export function viewCorner(graph: Graph, grid: string): WithView {
  const { write, done } = appender(graph);
  return done(write("Slice", [grid, [0, 0], [1, 1], [2, 3]], `${grid}/corner`));
}

/**
 * Nodes, to stand before all others, that make the value out of a grid (and its prefix tokens): the way back of
 * `viewAsGrid`.
 */
export function fromGrid(
  graph: Graph,
  name: string,
  layout: MapLayout,
  grid: string,
  prefix: string,
): Graph {
  const [k, h, w] = layout.grid;
  const { write, nodes, constants } = appender(graph);
  if (layout.layout === "channels-last")
    write("Transpose", [grid], name, { perm: [0, 2, 3, 1] }, "exact");
  else if (layout.layout === "tokens") {
    const flat = write("Reshape", [grid, [0, k, h * w]], `${name}/channels`);
    const isWhole = layout.prefixTokens === 0;
    const tokens = write(
      "Transpose",
      [flat],
      isWhole ? name : `${name}/patches`,
      { perm: [0, 2, 1] },
      isWhole ? "exact" : "fresh",
    );
    if (!isWhole) write("Concat", [prefix, tokens], name, { axis: 1 }, "exact");
  } else write("Identity", [grid], name, {}, "exact");
  return {
    ...graph,
    nodes: [...nodes, ...graph.nodes],
    constants: new Map([...graph.constants, ...constants]),
  };
}

type Operand = string | readonly number[];

function appender(graph: Graph) {
  const fresh = freshNames(graph);
  const nodes: Node[] = [];
  const constants = new Map<string, Constant>();
  const write = (
    op: string,
    operands: readonly Operand[],
    wish: string,
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
    naming: "fresh" | "exact" = "fresh",
  ) => {
    const output = naming === "exact" ? wish : fresh(wish);
    const inputs = operands.map((operand, i) => {
      if (typeof operand === "string") return operand;
      const name = fresh(`${output}/${i}`);
      constants.set(name, intConstant(operand));
      return name;
    });
    nodes.push(plainNode(op, inputs, [output], attributesFrom(attributes)));
    return output;
  };
  const done = (view: string): WithView => ({
    view,
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...nodes],
      constants: new Map([...graph.constants, ...constants]),
    },
  });
  return { write, done, nodes, constants };
}
