import { intAttribute, intsAttribute } from "../onnx/attributes.ts";
import { numbersOf } from "../onnx/constant.ts";
import type { Graph, Node, Shapes } from "../onnx/graph.ts";
import { consumersOf, makesOf } from "../onnx/walk.ts";

/** A value that still holds tokens: along which axis, and which. */
interface Held {
  readonly name: string;
  readonly axis: number;
  readonly tokens: readonly number[];
}

const reductions = new Set("ReduceMean ReduceSum ReduceMax ReduceMin ReduceL2".split(" "));

/**
 * Which tokens of `tokens [N,T,D]` the score reads: the class token alone, two of them, or all that are pooled. Followed
 * through whatever keeps tokens apart (norms, projections, turns) to where some are picked or all are pooled; what is not
 * understood counts as reading all it is given.
 */
export function tokensRead(
  graph: Graph,
  shapes: Shapes,
  path: ReadonlySet<string>,
  tokens: string,
): number[] {
  const consumers = consumersOf(graph);
  const count = shapes.get(tokens)?.dims[1] ?? 0;
  const read = new Set<number>();
  const open: Held[] = [{ name: tokens, axis: 1, tokens: [...Array(count).keys()] }];
  const seen = new Set<string>();
  for (let held = open.pop(); held; held = open.pop()) {
    const key = `${held.name} ${held.axis}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const node of consumers.get(held.name) ?? []) {
      if (!makesOf(node).some((name) => path.has(name))) continue;
      const next = step(node, held);
      if (next) open.push(...next.filter(({ name }) => path.has(name)));
      else held.tokens.forEach((token) => read.add(token));
    }
  }
  return [...read].toSorted((a, b) => a - b);

  /** What holds tokens after a node; null where they are read. */
  function step(node: Node, held: Held): Held[] | null {
    const { axis } = held;
    const rank = shapes.get(held.name)?.dims.length ?? 0;
    const own = (stated: number) => (stated < 0 ? stated + rank : stated);
    const [output = ""] = node.outputs;
    switch (node.op) {
      case "Gather": {
        if (own(intAttribute(node, "axis", 0)) !== axis) return passOn(node, held);
        const picked = integers(node, 1)?.map((i) => held.tokens.at(i) ?? -1);
        return picked ? settle(output, axis, picked) : null;
      }
      case "Slice": {
        const [starts, ends] = [integers(node, 1), integers(node, 2)];
        const axes = integers(node, 3) ?? starts?.map((_, i) => i);
        const at = axes?.findIndex((stated) => own(stated) === axis) ?? -1;
        if (!starts || !ends) return null;
        if (at < 0) return passOn(node, held);
        if ((integers(node, 4)?.[at] ?? 1) !== 1) return null;
        return settle(output, axis, held.tokens.slice(starts[at], ends[at]));
      }
      case "Split": {
        if (own(intAttribute(node, "axis", 0)) !== axis) return passOn(node, held);
        let from = 0;
        return node.outputs.flatMap((part) => {
          const size = shapes.get(part)?.dims[axis] ?? 0;
          from += size;
          return settle(part, axis, held.tokens.slice(from - size, from)) ?? [];
        });
      }
      case "Transpose": {
        const perm = intsAttribute(node, "perm") ?? [...Array(rank).keys()].reverse();
        return [{ ...held, name: output, axis: perm.indexOf(axis) }];
      }
      default:
        return reductions.has(node.op) && reducedAxes(node).map(own).includes(axis)
          ? null
          : passOn(node, held);
    }
  }

  /** The same tokens along the same axis, if the result has them there. */
  function passOn(node: Node, held: Held): Held[] | null {
    const [output = ""] = node.outputs;
    const [before, after] = [shapes.get(held.name)?.dims, shapes.get(output)?.dims];
    const isKept = before?.length === after?.length && after?.[held.axis] === held.tokens.length;
    return isKept && held.tokens.length > 1 ? [{ ...held, name: output }] : null;
  }

  /** One token left is read, whatever is done with it. */
  function settle(name: string, axis: number, tokens: readonly number[]): Held[] | null {
    if (tokens.length > 1) return [{ name, axis, tokens }];
    if (path.has(name)) tokens.forEach((token) => read.add(token));
    return [];
  }

  function reducedAxes(node: Node): readonly number[] {
    return intsAttribute(node, "axes") ?? integers(node, 1) ?? [...Array(8).keys()];
  }

  function integers(node: Node, index: number): readonly number[] | undefined {
    const name = node.inputs[index] ?? "";
    const constant = graph.constants.get(name);
    return constant ? numbersOf(constant) : shapes.get(name)?.integers;
  }
}
