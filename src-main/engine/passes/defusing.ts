import { attributesFrom } from "../onnx/attributes.ts";
import { floatConstant, intConstant, keyOf } from "../onnx/constant.ts";
import type { Constant, Graph, Node } from "../onnx/graph.ts";
import { freshNames, plainNode } from "../onnx/walk.ts";

/** An input of an emitted node: a value, or numbers that become a constant. */
export type Operand = string | readonly number[] | { readonly float: number };

/** What a rewrite of one fused node may use. Emitted nodes are of opset 18. */
export interface Defusing {
  /** Appends a node and returns its first output; the last one writes to `to`. */
  emit(
    op: string,
    inputs: readonly Operand[],
    attributes?: Parameters<typeof attributesFrom>[0],
    to?: string,
  ): string;
  emitAll(
    op: string,
    inputs: readonly Operand[],
    count: number,
    attributes?: Parameters<typeof attributesFrom>[0],
  ): readonly string[];
  constantOf(name: string | undefined): Constant | undefined;
  add(wish: string, value: Constant): string;
  /** A float value of a quantised one: one node for all who read it, so that a tap there is on every way. */
  dequantise(value: string, scale: string, zeroPoint: string, axis?: number): string;
  /** Leaves the node as it is: gradients will name it. */
  leave(): never;
}

/** Writes plain nodes for one fused node. */
export type Defuse = (node: Node, defusing: Defusing) => void;

class Left extends Error {}

/** Rewrites every node that has a rewrite in `table`, keyed "domain:operator". */
export function defuseBy(graph: Graph, table: Readonly<Record<string, Defuse>>): Graph {
  if (!graph.nodes.some(({ domain, op }) => table[`${domain}:${op}`])) return graph;
  const fresh = freshNames(graph);
  const constants = new Map(graph.constants);
  const floats = new Map<string, string>();
  const shared = new Map<string, string>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const defuse = table[`${node.domain}:${node.op}`];
    if (!defuse) {
      nodes.push(node);
      continue;
    }
    const [written, known] = [nodes.length, new Map(floats)];
    try {
      defuse(node, defusingOf(node));
    } catch (error) {
      if (!(error instanceof Left)) throw error;
      nodes.length = written;
      floats.clear();
      for (const [key, value] of known) floats.set(key, value);
      nodes.push(node);
    }
  }
  return { ...graph, constants, nodes };

  function defusingOf(node: Node): Defusing {
    const base = node.outputs[0] ?? node.name;
    const self: Defusing = {
      constantOf: (name) => constants.get(name ?? ""),
      add(wish, value) {
        const name = fresh(wish);
        constants.set(name, value);
        return name;
      },
      emitAll(op, inputs, count, attributes = {}) {
        const outputs = Array.from({ length: count }, () => fresh(`${base}/${op}`));
        append(op, inputs, outputs, attributes);
        return outputs;
      },
      emit(op, inputs, attributes = {}, to) {
        const output = to ?? fresh(`${base}/${op}`);
        append(op, inputs, [output], attributes);
        return output;
      },
      dequantise(value, scale, zeroPoint, axis) {
        const key = [value, scale, zeroPoint, axis].join("\n");
        const known = floats.get(key);
        if (known) return known;
        const output = fresh(`${value}/dequantised`);
        const inputs = zeroPoint ? [value, scale, zeroPoint] : [value, scale];
        append("DequantizeLinear", inputs, [output], axis === undefined ? {} : { axis });
        floats.set(key, output);
        return output;
      },
      leave() {
        throw new Left();
      },
    };
    return self;

    /** Equal numbers are one constant. */
    function number(input: Exclude<Operand, string>): string {
      const value = "float" in input ? floatConstant([input.float], []) : intConstant(input);
      const key = keyOf(value);
      const name = shared.get(key) ?? self.add(`${base}/number`, value);
      shared.set(key, name);
      return name;
    }

    function append(
      op: string,
      inputs: readonly Operand[],
      outputs: readonly string[],
      attributes: Parameters<typeof attributesFrom>[0],
    ) {
      const names = inputs.map((input) => (typeof input === "string" ? input : number(input)));
      nodes.push(
        plainNode(op, names, outputs, attributesFrom(attributes), fresh(`${node.name}/${op}`)),
      );
    }
  }
}
