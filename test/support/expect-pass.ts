import { expect } from "vitest";
import { floatConstant, isFloat, numbersOf } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph } from "../../src-main/engine/onnx/graph.ts";
import { parseGraph, printGraph, seededConstant } from "../../src-main/engine/onnx/text.ts";
import { runGraph } from "../../src-main/engine/session/runtime.ts";

export interface PassCheck {
  /** Largest difference of an output, as a share of its greatest number; null where the graph cannot be run. */
  readonly tolerance?: number | null;
  /** Size of named dims when both graphs run. */
  readonly batch?: number;
}

/**
 * A pass must turn the text `before` into `after`, and the outputs must keep their numbers. Names of inner values and
 * of constants are the pass's own business: both sides are renamed in order before they are compared. Constants that do
 * not stand inline are compared by their bytes.
 */
export async function expectPass(
  pass: (graph: Graph) => Graph | Promise<Graph>,
  before: string,
  after: string,
  { tolerance = 1e-6, batch = 2 }: PassCheck = {},
): Promise<void> {
  const graph = parseGraph(before);
  const result = await pass(graph);
  expect(printGraph(renamed(result))).toBe(printGraph(renamed(parseGraph(after))));
  if (tolerance === null) return;

  const [old, new_] = await Promise.all([graph, result].map((g) => runGraph(g, feedsOf(g, batch))));
  expect(old?.size, "a graph without `return` has no numbers to compare").toBeGreaterThan(0);
  graph.outputs.forEach(({ name }, i) => {
    const [was, is] = [old?.get(name), new_?.get(result.outputs[i]?.name ?? "")];
    expect(is?.dims, `dims of ${name}`).toEqual(was?.dims);
    const [a, b] = [numbersOf(was ?? none), numbersOf(is ?? none)];
    const greatest = Math.max(...a.map(Math.abs), 1e-12);
    const worst = Math.max(0, ...a.map((value, at) => Math.abs(value - (b[at] ?? NaN))));
    expect(worst / greatest, `difference of ${name}`).toBeLessThanOrEqual(tolerance);
  });
}

const none = floatConstant([]);

function feedsOf(graph: Graph, batch: number): ReadonlyMap<string, Constant> {
  return new Map(
    graph.inputs.map(({ name, type, dims }) => {
      const sizes = (dims ?? []).map((dim) => (typeof dim === "number" ? dim : batch));
      const seeded = seededConstant(name, type && isFloat(type) ? "f32" : (type ?? "f32"), sizes);
      return [name, type === "f16" ? toHalf(seeded) : seeded] as const;
    }),
  );
}

function toHalf(constant: Constant): Constant {
  const { buffer, byteOffset, byteLength } = Float16Array.from(numbersOf(constant));
  return { ...constant, type: "f16", bytes: new Uint8Array(buffer, byteOffset, byteLength) };
}

/** Inputs and outputs keep their names; everything else is numbered in the order of the nodes. */
function renamed(graph: Graph): Graph {
  const names = new Map<string, string>(
    ["", ...graph.inputs.map((i) => i.name)].map((n) => [n, n]),
  );
  for (const { name } of graph.outputs) names.set(name, name);
  const nameOf = (name: string) => {
    const known =
      names.get(name) ?? `${graph.constants.has(name) ? "const" : "value"}${names.size}`;
    names.set(name, known);
    return known;
  };
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(nameOf),
    outputs: node.outputs.map(nameOf),
  }));
  const constants = new Map(
    [...graph.constants]
      .map(([name, constant]) => [nameOf(name), constant] as const)
      .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true })),
  );
  return { ...graph, nodes, constants };
}
