import { intAttribute, intsAttribute, tensorAttribute } from "../../onnx/attributes.ts";
import { countOf, isFloat, numbersOf } from "../../onnx/constant.ts";
import { elementTypes } from "../../onnx/element-codes.ts";
import type { Node } from "../../onnx/graph.ts";
import { broadcastDims } from "./compose.ts";
import { rangeOf } from "./partition.ts";
import { identity, wrapAxis, type Counted } from "./value.ts";

/**
 * Arithmetic on shapes, in plain numbers: what a Reshape reads must not wait for a device. Runs for nodes all of whose
 * inputs are on the host and small.
 */

/** An input on the host. */
export interface HostInput {
  readonly type: Counted["type"];
  readonly dims: readonly number[];
  readonly numbers: ArrayLike<number>;
}

type Evaluate = (
  node: Node,
  inputs: readonly (HostInput | undefined)[],
) => Counted | readonly Counted[];

/** More numbers than these are no shape. */
export const mostHostNumbers = 4096;

const truncated = (a: number, b: number) => Math.trunc(a / b);

/** The host's way of an operator, if it has one. */
export const hostOperators: Readonly<Record<string, Evaluate>> = {
  Add: combined((a, b) => a + b),
  Sub: combined((a, b) => a - b),
  Mul: combined((a, b) => a * b),
  Div: (node, inputs) =>
    combined(isFloat(inputs[0]?.type ?? "i64") ? (a, b) => a / b : truncated)(node, inputs),
  Mod: combined((a, b) => a - b * Math.floor(a / b)),
  Max: combined(Math.max),
  Min: combined(Math.min),
  Equal: combined((a, b) => Number(a === b), "bool"),
  Greater: combined((a, b) => Number(a > b), "bool"),
  GreaterOrEqual: combined((a, b) => Number(a >= b), "bool"),
  Less: combined((a, b) => Number(a < b), "bool"),
  LessOrEqual: combined((a, b) => Number(a <= b), "bool"),
  And: combined((a, b) => a & b, "bool"),
  Or: combined((a, b) => a | b, "bool"),
  Not: mapped((a) => 1 - a),
  Neg: mapped((a) => -a),
  Abs: mapped(Math.abs),
  Floor: mapped(Math.floor),
  Ceil: mapped(Math.ceil),
  Identity: mapped((a) => a),

  Cast(node, [x]) {
    const type = elementTypes[intAttribute(node, "to", 1)] ?? "f32";
    const convert =
      type === "bool" ? (a: number) => Number(a !== 0) : isFloat(type) ? Math.fround : Math.trunc;
    return { ...given(x), type, numbers: Array.from(given(x).numbers, convert) };
  },

  Where(_, [condition, a, b]) {
    const [test, left, right] = [given(condition), given(a), given(b)];
    const dims = broadcastDims(test.dims, left.dims, right.dims);
    const [at, from, to] = [reader(test, dims), reader(left, dims), reader(right, dims)];
    const numbers = identity(countOf(dims)).map((i) => (at(i) ? from(i) : to(i)));
    return { type: left.type, dims, numbers };
  },

  Gather(node, [data, indices]) {
    const [from, at] = [given(data), given(indices)];
    const axis = wrapAxis(intAttribute(node, "axis", 0), from.dims.length);
    const read = Array.from(at.numbers, (index) => wrapAxis(index, from.dims[axis] ?? 1));
    const picked = pick(from, axis, read);
    const dims = [...from.dims.slice(0, axis), ...at.dims, ...from.dims.slice(axis + 1)];
    return { ...picked, dims };
  },

  Slice(_, [data, starts, ends, axes, steps]) {
    const [first, last] = [given(starts).numbers, given(ends).numbers];
    return Array.from(first).reduce<Counted>(
      (x, start, i) => {
        const axis = wrapAxis(axes?.numbers[i] ?? i, x.dims.length);
        const step = steps?.numbers[i] ?? 1;
        const range = rangeOf(start, last[i] ?? 0, step, x.dims[axis] ?? 1);
        return pick(
          x,
          axis,
          identity(range.count).map((n) => range.start + n * step),
        );
      },
      counted(given(data)),
    );
  },

  Concat(node, inputs) {
    const parts = inputs.map(given);
    const [first = given(undefined)] = parts;
    const axis = wrapAxis(intAttribute(node, "axis", 0), first.dims.length);
    const outer = countOf(first.dims.slice(0, axis));
    const numbers = identity(outer).flatMap((row) =>
      parts.flatMap((part) => {
        const size = part.numbers.length / outer;
        return Array.from(part.numbers).slice(row * size, (row + 1) * size);
      }),
    );
    const size = parts.reduce((sum, { dims }) => sum + (dims[axis] ?? 1), 0);
    return {
      type: first.type,
      dims: first.dims.map((dim, i) => (i === axis ? size : dim)),
      numbers,
    };
  },

  Squeeze(node, [x, axes]) {
    const { dims } = given(x);
    const stated = (axes ? Array.from(axes.numbers) : intsAttribute(node, "axes"))?.map((axis) =>
      wrapAxis(axis, dims.length),
    );
    return {
      ...counted(given(x)),
      dims: dims.filter((dim, i) => !(stated ? stated.includes(i) : dim === 1)),
    };
  },

  Unsqueeze(node, [x, axes]) {
    const stated = axes ? Array.from(axes.numbers) : (intsAttribute(node, "axes") ?? []);
    const own = [...given(x).dims];
    const rank = own.length + stated.length;
    const added = new Set(stated.map((axis) => wrapAxis(axis, rank)));
    return {
      ...counted(given(x)),
      dims: identity(rank).map((i) => (added.has(i) ? 1 : (own.shift() ?? 1))),
    };
  },

  Reshape(_, [x, shape]) {
    const { dims, numbers } = given(x);
    const wanted = Array.from(given(shape).numbers, (dim, i) => (dim === 0 ? (dims[i] ?? 1) : dim));
    const known = countOf(wanted.filter((dim) => dim !== -1));
    return {
      ...counted(given(x)),
      dims: wanted.map((dim) => (dim === -1 ? numbers.length / known : dim)),
    };
  },

  Expand(_, [x, shape]) {
    const dims = broadcastDims(given(x).dims, Array.from(given(shape).numbers));
    const at = reader(given(x), dims);
    return { type: given(x).type, dims, numbers: identity(countOf(dims)).map(at) };
  },

  Range(_, [start, limit, delta]) {
    const [from = 0, to = 0, step = 1] = [start, limit, delta].map((one) => given(one).numbers[0]);
    const count = Math.max(0, Math.ceil((to - from) / step));
    return {
      type: given(start).type,
      dims: [count],
      numbers: identity(count).map((i) => from + i * step),
    };
  },

  ConstantOfShape(node, [shape]) {
    const filling = tensorAttribute(node, "value");
    const dims = Array.from(given(shape).numbers);
    const [number = 0] = filling ? numbersOf(filling) : [0];
    return {
      type: filling?.type ?? "f32",
      dims,
      numbers: identity(countOf(dims)).map(() => number),
    };
  },

  ReduceProd(node, [x]) {
    const product = Array.from(given(x).numbers).reduce((a, b) => a * b, 1);
    const dims = intAttribute(node, "keepdims", 1) === 1 ? given(x).dims.map(() => 1) : [];
    return { type: given(x).type, dims, numbers: [product] };
  },
};

function given(input: HostInput | undefined): HostInput {
  if (!input) throw new RangeError("an input is absent");
  return input;
}

function counted({ type, dims, numbers }: HostInput): Counted {
  return { type, dims, numbers: Array.from(numbers) };
}

function mapped(map: (a: number) => number): Evaluate {
  return (_, [x]) => ({ ...given(x), numbers: Array.from(given(x).numbers, (a) => map(a)) });
}

function combined(combine: (a: number, b: number) => number, type?: "bool"): Evaluate {
  return (_, inputs) => {
    const [first = given(undefined), ...others] = inputs.map(given);
    return others.reduce<Counted>((left, right) => {
      const dims = broadcastDims(left.dims, right.dims);
      const [a, b] = [reader(left, dims), reader(right, dims)];
      return {
        type: type ?? left.type,
        dims,
        numbers: identity(countOf(dims)).map((i) => combine(a(i), b(i))),
      };
    }, counted(first));
  };
}

/** Reads a value as if it were repeated to these dims. */
function reader(
  { dims: own, numbers }: HostInput,
  dims: readonly number[],
): (at: number) => number {
  if (numbers.length === countOf(dims)) return (at) => numbers[at] ?? NaN;
  const lead = dims.length - own.length;
  return (at) => {
    let [rest, from, step] = [at, 0, 1];
    for (let i = dims.length - 1; i >= 0; i--) {
      const [whole, size] = [dims[i] ?? 1, own[i - lead] ?? 1];
      if (size > 1) from += (rest % whole) * step;
      rest = Math.floor(rest / whole);
      step *= size;
    }
    return numbers[from] ?? NaN;
  };
}

function pick({ type, dims, numbers }: HostInput, axis: number, read: readonly number[]): Counted {
  const [outer, inner] = [countOf(dims.slice(0, axis)), countOf(dims.slice(axis + 1))];
  const size = dims[axis] ?? 1;
  const picked = identity(outer).flatMap((o) =>
    read.flatMap((at) => identity(inner).map((i) => numbers[(o * size + at) * inner + i] ?? NaN)),
  );
  return { type, dims: dims.map((dim, i) => (i === axis ? read.length : dim)), numbers: picked };
}
