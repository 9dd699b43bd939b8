import { elementTypes } from "../onnx/element-codes.ts";
import { fixed, range, wrapAxis } from "./extents.ts";
import { layoutShapes } from "./infer-layout.ts";
import { productShapes } from "./infer-product.ts";
import {
  broadcast,
  fault,
  first,
  input,
  number,
  values,
  type Emitted,
  type Infer,
  type InferTable,
  type Known,
} from "./known.ts";
import type { Extent } from "./rule.ts";

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

const elementShapes: InferTable = [
  [
    "ScatterElements ScatterND Neg Abs Sign Sqrt Exp Log Reciprocal Sin Cos Tan Erf Sigmoid Tanh Relu Softplus Identity CumSum Trilu Softmax Not",
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
      const type = elementTypes[number(emitted, "to")];
      return { ...first(emitted), type: type ?? fault("Cast", "has an unknown type") };
    },
  ],
];

const shapes = new Map(
  [...elementShapes, ...layoutShapes, ...productShapes].flatMap(([ops, rule]) =>
    ops.split(" ").map((op) => [op, rule] as const),
  ),
);
