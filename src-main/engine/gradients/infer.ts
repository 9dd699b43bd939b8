import type { ElementType, ValueShape } from "../onnx/graph.ts";
import { extentsOf, fixed, product, range, wrapAxis } from "./extents.ts";
import type { Attributes, Extent } from "./rule.ts";

/** What is known of an emitted value; a shape tensor also knows the dims it states. */
export interface Known {
  readonly type: ElementType;
  readonly extents: readonly Extent[];
  /** The numbers of a small constant, or integers that were equal in all probe runs. */
  readonly values?: readonly number[];
  readonly stated?: readonly Extent[];
}

interface Emitted {
  readonly op: string;
  readonly inputs: readonly Known[];
  readonly attributes: Attributes;
  readonly outputs: number;
}
type Infer = (emitted: Emitted) => Known | readonly Known[];

/**
 * Types and dims of the nodes that rules emit, found without running them: this is what lets the driver name the rule
 * that returned a wrong gradient. Only operators that rules emit are here.
 */
export function infer(emitted: Emitted): readonly Known[] {
  const rule = shapes.get(emitted.op);
  if (!rule) throw new RangeError(`rules emit ${emitted.op}, whose shape is not described`);
  const result = rule(emitted);
  return Array.isArray(result) ? result : [result as Known]; // not an array: one value
}

/** What pass `shapes` knows, in the form used here. */
export function knownOf(shape: ValueShape): Known {
  const extents = extentsOf(shape);
  return shape.integers
    ? { type: shape.type, extents, values: shape.integers }
    : { type: shape.type, extents };
}

function first(emitted: Emitted): Known {
  return input(emitted, 0);
}

function input({ op, inputs }: Emitted, index: number): Known {
  return inputs[index] ?? fault(op, `has no input ${index}`);
}

function fault(op: string, why: string): never {
  throw new RangeError(`emitted ${op} ${why}`);
}

function values(emitted: Emitted, index: number): readonly number[] {
  return input(emitted, index).values ?? fault(emitted.op, `reads unknown numbers at ${index}`);
}

function number({ op, attributes }: Emitted, name: string, otherwise?: number): number {
  const value = attributes[name] ?? otherwise;
  return typeof value === "number" ? value : fault(op, `has no number ${name}`);
}

function list({ attributes }: Emitted, name: string): readonly number[] | undefined {
  const value = attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : undefined; // attributes hold no other arrays
}

function broadcast(op: string, values: readonly Known[]): Extent[] {
  const rank = Math.max(...values.map((value) => value.extents.length));
  return range(rank).map((i) => {
    let result = fixed(1);
    for (const { extents } of values) {
      const extent = extents[i - rank + extents.length] ?? fixed(1);
      if (extent.size === 1 && !extent.batch) continue;
      if (result.size !== 1 && result.size !== extent.size)
        fault(op, `cannot broadcast ${values.map((v) => `[${show(v.extents)}]`).join(" and ")}`);
      result = extent;
    }
    return result;
  });
}

/** Dims as `2N, 3, 4`. */
export function show(extents: readonly Extent[]): string {
  return extents
    .map(({ size, batch }) => (batch ? `${batch === 1 ? "" : batch}N` : String(size)))
    .join(", ");
}

const same: Infer = (emitted) => ({ ...first(emitted), values: undefined }) as Known;
const elementwise: Infer = (emitted) => ({
  type: first(emitted).type,
  extents: broadcast(emitted.op, emitted.inputs),
});
const comparison: Infer = (emitted) => ({
  type: "bool",
  extents: broadcast(emitted.op, emitted.inputs),
});

const reduction: Infer = (emitted) => {
  const { type, extents } = first(emitted);
  const axes = emitted.inputs[1] ? values(emitted, 1) : range(extents.length);
  return { type, extents: reduced(emitted, extents, axes) };
};
const argument: Infer = (emitted) => {
  const { extents } = first(emitted);
  return { type: "i64", extents: reduced(emitted, extents, [number(emitted, "axis", 0)]) };
};
function reduced(emitted: Emitted, extents: readonly Extent[], axes: readonly number[]) {
  const gone = axes.map((axis) => wrapAxis(axis, extents.length));
  return number(emitted, "keepdims", 1)
    ? extents.map((extent, i) => (gone.includes(i) ? fixed(1) : extent))
    : extents.filter((_, i) => !gone.includes(i));
}

/** Output extents of a window sliding over the spatial dims. */
function windowed(emitted: Emitted, extents: readonly Extent[], kernel: readonly number[]) {
  const strides = list(emitted, "strides");
  const dilations = list(emitted, "dilations");
  const pads = list(emitted, "pads");
  const isCeil = number(emitted, "ceil_mode", 0) === 1;
  return extents.slice(2).map(({ size }, i) => {
    const [stride, begin] = [strides?.[i] ?? 1, pads?.[i] ?? 0];
    const end = pads?.[i + kernel.length] ?? 0;
    const steps =
      (size + begin + end - (dilations?.[i] ?? 1) * ((kernel[i] ?? 1) - 1) - 1) / stride;
    const ceiling = Math.ceil(steps) + 1;
    if (!isCeil) return fixed(Math.floor(steps) + 1);
    return fixed((ceiling - 1) * stride >= size + begin ? ceiling - 1 : ceiling); // none starts in the end pad
  });
}

const table: readonly (readonly [ops: string, infer: Infer])[] = [
  [
    "Neg Abs Sign Sqrt Exp Log Reciprocal Sin Cos Tan Erf Sigmoid Tanh Relu Softplus Identity CumSum Trilu Softmax Not",
    same,
  ],
  ["Add Sub Mul Div Pow Max Min And Or", elementwise],
  ["Equal Less LessOrEqual Greater GreaterOrEqual", comparison],
  [
    "Where",
    (emitted) => ({ type: input(emitted, 1).type, extents: broadcast("Where", emitted.inputs) }),
  ],
  ["ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd", reduction],
  ["ArgMax ArgMin", argument],
  [
    "Cast",
    (emitted) => {
      const type = typeOfCode.get(number(emitted, "to"));
      return { ...first(emitted), type: type ?? fault("Cast", "has an unknown type") };
    },
  ],
  [
    "Shape",
    (emitted) => {
      const { extents } = first(emitted);
      const stated = extents.slice(
        number(emitted, "start", 0),
        number(emitted, "end", extents.length),
      );
      return { type: "i64", extents: [fixed(stated.length)], stated };
    },
  ],
  [
    "Concat",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis"), extents.length);
      const parts = emitted.inputs.map(
        (part) => part.extents[axis] ?? fault("Concat", "mixes ranks"),
      );
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const batch = parts.reduce((sum, part) => sum + part.batch, 0);
      const joined = extents.map((extent, i) => (i === axis ? { size, batch } : extent));
      const stated = emitted.inputs.map((part) => part.stated ?? part.values?.map(fixed));
      return stated.every((part) => part !== undefined)
        ? { type, extents: joined, stated: stated.flat() }
        : { type, extents: joined };
    },
  ],
  [
    "Split",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis", 0), extents.length);
      return values(emitted, 1).map((size) => ({
        type,
        extents: extents.map((extent, i) => (i === axis ? fixed(size) : extent)),
      }));
    },
  ],
  [
    "Reshape",
    (emitted) => {
      const { type, extents } = first(emitted);
      const target = input(emitted, 1).stated ?? values(emitted, 1).map(fixed);
      const rest = product(target.filter(({ size }) => size !== -1));
      const all = product(extents);
      const size = all.size / rest.size;
      const open = { size, batch: rest.batch ? 0 : all.batch / rest.size };
      const result = target.map((extent) => (extent.size === -1 ? open : extent));
      if (product(result).size !== all.size)
        fault("Reshape", `turns [${show(extents)}] into [${show(result)}]`);
      return { type, extents: result };
    },
  ],
  [
    "Expand",
    (emitted) => {
      const target = input(emitted, 1).stated ?? values(emitted, 1).map(fixed);
      const value = first(emitted);
      return {
        type: value.type,
        extents: broadcast("Expand", [value, { ...value, extents: target }]),
      };
    },
  ],
  [
    "Unsqueeze",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axes = values(emitted, 1);
      const rank = extents.length + axes.length;
      const added = axes.map((axis) => wrapAxis(axis, rank));
      const rest = [...extents];
      return {
        type,
        extents: range(rank).map((i) =>
          added.includes(i) ? fixed(1) : (rest.shift() ?? fixed(1)),
        ),
      };
    },
  ],
  [
    "Squeeze",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axes = values(emitted, 1).map((axis) => wrapAxis(axis, extents.length));
      return { type, extents: extents.filter((_, i) => !axes.includes(i)) };
    },
  ],
  [
    "Transpose",
    (emitted) => {
      const { type, extents } = first(emitted);
      const perm = list(emitted, "perm") ?? range(extents.length).reverse();
      return {
        type,
        extents: perm.map((axis) => extents[axis] ?? fault("Transpose", "misses an axis")),
      };
    },
  ],
  [
    "Slice",
    (emitted) => {
      const { type, extents } = first(emitted);
      const [starts, ends, axes] = [1, 2, 3].map((index) => values(emitted, index));
      const steps = emitted.inputs[4] ? values(emitted, 4) : undefined;
      const result = [...extents];
      axes?.forEach((axis, i) => {
        const at = wrapAxis(axis, extents.length);
        const { size } = extents[at] ?? fixed(0);
        result[at] = fixed(
          sliced(size, starts?.[i] ?? 0, ends?.[i] ?? size, steps?.[i] ?? 1).count,
        );
      });
      return { type, extents: result };
    },
  ],
  [
    "Pad",
    (emitted) => {
      const { type, extents } = first(emitted);
      const pads = values(emitted, 1);
      return {
        type,
        extents: extents.map((extent, i) => {
          const more = (pads[i] ?? 0) + (pads[i + extents.length] ?? 0);
          return more ? fixed(extent.size + more) : extent;
        }),
      };
    },
  ],
  [
    "Gather",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis", 0), extents.length);
      return { type, extents: extents.toSpliced(axis, 1, ...input(emitted, 1).extents) };
    },
  ],
  [
    "GatherElements",
    (emitted) => ({ type: first(emitted).type, extents: input(emitted, 1).extents }),
  ],
  [
    "GatherND",
    (emitted) => {
      const indices = input(emitted, 1).extents;
      const depth = indices.at(-1)?.size ?? 0;
      const { type, extents } = first(emitted);
      return { type, extents: [...indices.slice(0, -1), ...extents.slice(depth)] };
    },
  ],
  ["ScatterElements ScatterND", same],
  [
    "TopK",
    (emitted) => {
      const { type, extents } = first(emitted);
      const axis = wrapAxis(number(emitted, "axis", -1), extents.length);
      const [k = 1] = values(emitted, 1);
      const kept = extents.map((extent, i) => (i === axis ? fixed(k) : extent));
      return [
        { type, extents: kept },
        { type: "i64", extents: kept },
      ];
    },
  ],
  [
    "MatMul",
    (emitted) => {
      const [a, b] = [first(emitted), input(emitted, 1)];
      if (a.extents.at(-1)?.size !== b.extents.at(-2)?.size)
        fault("MatMul", `multiplies [${show(a.extents)}] by [${show(b.extents)}]`);
      const lead = [a, b].map((value) => ({ ...value, extents: value.extents.slice(0, -2) }));
      const rows = a.extents.at(-2) ?? fixed(1);
      const columns = b.extents.at(-1) ?? fixed(1);
      return { type: a.type, extents: [...broadcast("MatMul", lead), rows, columns] };
    },
  ],
  [
    "Gemm",
    (emitted) => {
      const [a, b] = [first(emitted).extents, input(emitted, 1).extents];
      const rows = number(emitted, "transA", 0) ? a[1] : a[0];
      const columns = number(emitted, "transB", 0) ? b[0] : b[1];
      return { type: first(emitted).type, extents: [rows ?? fixed(1), columns ?? fixed(1)] };
    },
  ],
  [
    "Einsum",
    (emitted) => {
      const equation = emitted.attributes["equation"];
      const [left = "", right = ""] = typeof equation === "string" ? equation.split("->") : [];
      const sizes = new Map<string, Extent>();
      left
        .split(",")
        .forEach((labels, i) =>
          [...labels].forEach((label, axis) =>
            sizes.set(label, input(emitted, i).extents[axis] ?? fixed(1)),
          ),
        );
      const extents = [...right].map(
        (label) => sizes.get(label) ?? fault("Einsum", `lacks ${label}`),
      );
      return { type: first(emitted).type, extents };
    },
  ],
  [
    "Conv",
    (emitted) => {
      const { type, extents } = first(emitted);
      const weight = input(emitted, 1).extents.map(({ size }) => size);
      const channels = fixed(weight[0] ?? 1);
      const spatial = windowed(emitted, extents, weight.slice(2));
      return { type, extents: [...extents.slice(0, 1), channels, ...spatial] };
    },
  ],
  [
    "ConvTranspose",
    (emitted) => {
      const { type, extents } = first(emitted);
      const weight = input(emitted, 1).extents.map(({ size }) => size);
      const [strides, dilations] = [list(emitted, "strides"), list(emitted, "dilations")];
      const [pads, extra] = [list(emitted, "pads"), list(emitted, "output_padding")];
      const rank = extents.length - 2;
      const spatial = extents.slice(2).map(({ size }, i) => {
        const reach = (dilations?.[i] ?? 1) * ((weight[i + 2] ?? 1) - 1) + 1;
        const full = (size - 1) * (strides?.[i] ?? 1) + reach + (extra?.[i] ?? 0);
        return fixed(full - (pads?.[i] ?? 0) - (pads?.[i + rank] ?? 0));
      });
      const channels = fixed((weight[1] ?? 1) * number(emitted, "group", 1));
      return { type, extents: [...extents.slice(0, 1), channels, ...spatial] };
    },
  ],
  [
    "AveragePool",
    (emitted) => {
      const { type, extents } = first(emitted);
      const spatial = windowed(emitted, extents, list(emitted, "kernel_shape") ?? []);
      return { type, extents: [...extents.slice(0, 2), ...spatial] };
    },
  ],
  [
    "Resize",
    (emitted) => {
      const { type, extents } = first(emitted);
      const sizes = emitted.inputs[3] ? values(emitted, 3) : undefined;
      const scales = sizes ? [] : values(emitted, 2);
      const scaled = extents.map(({ size }, i) => Math.floor(size * (scales[i] ?? 1)));
      return { type, extents: (sizes ?? scaled).map(fixed) };
    },
  ],
  [
    "DepthToSpace SpaceToDepth",
    (emitted) => {
      const { type, extents } = first(emitted);
      const block = number(emitted, "blocksize");
      const by = emitted.op === "DepthToSpace" ? block : 1 / block;
      const [n = fixed(1), c = fixed(1), ...spatial] = extents;
      return {
        type,
        extents: [n, fixed(c.size / by / by), ...spatial.map(({ size }) => fixed(size * by))],
      };
    },
  ],
];

const shapes = new Map(
  table.flatMap(([ops, rule]) => ops.split(" ").map((op) => [op, rule] as const)),
);

/** Element types by the number that attribute `to` of Cast carries. */
const typeOfCode = new Map<number, ElementType>([
  [1, "f32"],
  [6, "i32"],
  [7, "i64"],
  [9, "bool"],
  [10, "f16"],
  [11, "f64"],
]);

/** The number of an element type in attribute `to`. */
export function codeOf(type: ElementType): number {
  for (const [code, name] of typeOfCode) if (name === type) return code;
  throw new RangeError(`rules cast to ${type}, whose code is not listed`);
}

/** Start and step clamped as Slice clamps them, and how many elements are taken. */
export function sliced(size: number, start: number, end: number, step: number) {
  const clamp = (value: number, low: number, high: number) =>
    Math.min(Math.max(value < 0 ? value + size : value, low), high);
  const from = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
  const to = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1);
  return { from, count: Math.max(0, Math.ceil((to - from) / step)) };
}
