import { intAttribute } from "../onnx/attributes.ts";
import { fixed, product, range, wrapAxis } from "./extents.ts";
import { defineRules, type Extent, type Rule, type RuleContext } from "./rule.ts";

/**
 * Reductions over axes; `o` the result, kept as dims of size 1.
 *
 *   ReduceSum, ReduceMean        dY, dY/n
 *   ReduceMax, ReduceMin         to the first of the greatest; over several axes, shared equally among them
 *   ReduceL1, L2, SumSquare      sign x, x/o, 2x
 *   ReduceLogSum, LogSumExp      e^(−o), e^(x−o)
 *   ReduceProd                   product of the others, zeros included
 */
export const reductionRules = defineRules({
  ReduceSum: rule(({ gradient }) => gradient),
  ReduceMean: rule(({ gradient, count }, { emit, scalar }) =>
    emit("Mul", [gradient, scalar(1 / count)]),
  ),
  ReduceMax: rule(extreme),
  ReduceMin: rule(extreme),
  ReduceL1: rule(({ x, gradient }, { emit }) => emit("Mul", [gradient, emit("Sign", [x])])),
  ReduceL2: rule(({ x, result, gradient }, { emit, scalar }) => {
    const isFlat = emit("Equal", [result, scalar(0)]);
    const unit = emit("Div", [gradient, emit("Where", [isFlat, scalar(1), result])]);
    return emit("Mul", [unit, x]);
  }),
  ReduceSumSquare: rule(({ x, gradient }, { emit, scalar }) =>
    emit("Mul", [emit("Mul", [gradient, scalar(2)]), x]),
  ),
  ReduceLogSum: rule(({ result, gradient }, { emit }) =>
    emit("Mul", [gradient, emit("Exp", [emit("Neg", [result])])]),
  ),
  ReduceLogSumExp: rule(({ x, result, gradient }, { emit }) =>
    emit("Mul", [gradient, emit("Exp", [emit("Sub", [x, result])])]),
  ),
  ReduceProd: rule(({ x, gradient, axes }, { emit, scalar, cast, shape, ints, sum }) => {
    const isZero = emit("Equal", [x, scalar(0)]);
    const filled = emit("Where", [isZero, scalar(1), x]);
    const others = emit("ReduceProd", [filled, ints(axes)], { keepdims: 1 });
    const zeros = sum(cast(isZero, shape(x).type), axes, "keep");
    const besides = emit("Sub", [zeros, cast(isZero, shape(x).type)]);
    const rest = emit("Where", [
      emit("Equal", [besides, scalar(0)]),
      emit("Div", [others, filled]),
      scalar(0),
    ]);
    return emit("Mul", [gradient, rest]);
  }),
});

interface Reduced {
  readonly x: string;
  readonly axes: readonly number[];
  /** Elements per result. */
  readonly count: number;
  /** Result and incoming gradient, with the reduced axes kept as 1. */
  readonly result: string;
  readonly gradient: string;
}

function rule(write: (reduced: Reduced, context: RuleContext) => string): Rule {
  return (context) => {
    const { node, inputs, outputs, extents, reshape, expand, integersOrNone, refuse } = context;
    const [x = ""] = inputs;
    const own = extents(x);
    const stated = integersOrNone(1) ?? [];
    const isNoop = stated.length === 0 && intAttribute(node, "noop_with_empty_axes", 0) === 1;
    const all = isNoop ? [] : range(own.length);
    const axes = stated.length ? stated.map((axis) => wrapAxis(axis, own.length)) : all;
    if (axes.some((axis) => own[axis]?.batch)) refuse("it mixes the images of a batch");
    const kept = own.map((extent, i): Extent => (axes.includes(i) ? fixed(1) : extent));
    const count = product(axes.map((axis) => own[axis] ?? fixed(1))).size;
    const result = reshape(outputs[0] ?? "", kept);
    const gradient = reshape(context.gradient, kept);
    return [expand(write({ x, axes, count, result, gradient }, context), own)];
  };
}

function extreme({ x, axes, result, gradient }: Reduced, context: RuleContext): string {
  const { node, emit, scalar, cast, shape, extents, ints, sum } = context;
  const [axis, ...more] = axes;
  if (axis !== undefined && more.length === 0) {
    const argument = emit(node.op === "ReduceMax" ? "ArgMax" : "ArgMin", [x], { axis });
    const own = extents(x);
    const places = ints(
      range(own[axis]?.size ?? 1),
      own.map((e, i) => (i === axis ? e.size : 1)),
    );
    const isTaken = emit("Equal", [cast(argument, "i32"), cast(places, "i32")]);
    return emit("Where", [isTaken, gradient, scalar(0)]);
  }
  const isTaken = emit("Equal", [x, result]);
  if (axes.length === 0) return gradient;
  const share = emit("Div", [gradient, sum(cast(isTaken, shape(x).type), axes, "keep")]);
  return emit("Where", [isTaken, share, scalar(0)]);
}
