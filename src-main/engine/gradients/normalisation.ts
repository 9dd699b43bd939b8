import { floatAttribute, intAttribute, intsAttribute } from "../onnx/attributes.ts";
import { numbersOf } from "../onnx/constant.ts";
import { fixed, product, range, wrapAxis } from "./extents.ts";
import { defineRules, type Emitter, type RuleContext } from "./rule.ts";

/**
 * Normalisations over axes.
 *
 *   core(g) = r·(g − mean g − x̂·mean(g·x̂)),  r = 1/√(var + ε),  x̂ = (x − mean x)·r
 *
 * Layer-, Instance- and GroupNormalization and MeanVarianceNormalization are core(dY·scale) over their axes;
 * RMSNormalization is core without the means; BatchNormalization is a constant factor. The statistics are recomputed
 * from x: recovering x̂ from the output would divide by a scale that may be 0.
 */
export const normalisationRules = defineRules({
  BatchNormalization(context) {
    const { node, inputs, gradient, emit, extents, reshape, refuse } = context;
    if (intAttribute(node, "training_mode", 0)) refuse("it is in training mode");
    const rank = extents(inputs[0] ?? "").length;
    const factor = batchFactor(context);
    const perChannel = [fixed(1), ...extents(factor), ...range(rank - 2).map(() => fixed(1))];
    return [emit("Mul", [gradient, reshape(factor, rank > 1 ? perChannel : extents(factor))])];
  },

  LayerNormalization(context) {
    const { node, inputs, gradient, emit, extents } = context;
    const [x = "", scale = ""] = inputs;
    const rank = extents(x).length;
    const first = wrapAxis(intAttribute(node, "axis", -1), rank);
    const scaled = emit("Mul", [gradient, scale]);
    return [
      core(context, x, scaled, range(rank - first, first), floatAttribute(node, "epsilon", 1e-5)),
    ];
  },

  RMSNormalization: rootMeanSquare,
  SimplifiedLayerNormalization: rootMeanSquare,

  InstanceNormalization(context) {
    const { node, inputs, gradient, emit, extents, reshape } = context;
    const [x = "", scale = ""] = inputs;
    const spatial = range(extents(x).length - 2, 2);
    const factor = reshape(scale, [fixed(1), ...extents(scale), ...spatial.map(() => fixed(1))]);
    const scaled = emit("Mul", [gradient, factor]);
    return [core(context, x, scaled, spatial, floatAttribute(node, "epsilon", 1e-5))];
  },

  // The scale is per group at opset 18, per channel from 21.
  GroupNormalization(context) {
    const { node, inputs, gradient, emit, extents, reshape } = context;
    const [x = "", scale = ""] = inputs;
    const groups = intAttribute(node, "num_groups", 1);
    const [n = fixed(1), c = fixed(1), ...spatial] = extents(x);
    const grouped = [n, fixed(groups), product([fixed(c.size / groups), ...spatial])];
    const [length = fixed(1)] = extents(scale);
    const isPerChannel = length.size === c.size;
    const ones = isPerChannel ? spatial.map(() => fixed(1)) : [fixed(1)];
    const dY = isPerChannel ? gradient : reshape(gradient, grouped);
    const scaled = emit("Mul", [dY, reshape(scale, [fixed(1), length, ...ones])]);
    const epsilon = floatAttribute(node, "epsilon", 1e-5);
    const result = core(context, reshape(x, grouped), reshape(scaled, grouped), [2], epsilon);
    return [reshape(result, extents(x))];
  },

  MeanVarianceNormalization(context) {
    const { node, inputs, gradient, extents, refuse } = context;
    const [x = ""] = inputs;
    const axes = intsAttribute(node, "axes") ?? [0, 2, 3];
    if (axes.some((axis) => extents(x).at(axis)?.batch)) refuse("it mixes the images of a batch");
    return [core(context, x, gradient, axes, 1e-9)];
  },

  // (dY − f·Σ dY·o) / ‖x‖, f = o for p = 2, sign x for p = 1
  LpNormalization({ node, inputs, outputs, gradient, emit, sum, scalar }) {
    const [x = ""] = inputs;
    const [o = ""] = outputs;
    const axes = [intAttribute(node, "axis", -1)];
    const isTwo = intAttribute(node, "p", 2) === 2;
    const norm = isTwo
      ? emit("Sqrt", [sum(emit("Mul", [x, x]), axes, "keep")])
      : sum(emit("Abs", [x]), axes, "keep");
    const along = sum(emit("Mul", [gradient, o]), axes, "keep");
    const change = emit("Mul", [isTwo ? o : emit("Sign", [x]), along]);
    const slope = emit("Div", [emit("Sub", [gradient, change]), norm]);
    return [emit("Where", [emit("Equal", [norm, scalar(0)]), scalar(0), slope])];
  },

  // y = x·D^−β, D = k + α·mean of x² over `size` channels: dX = dY·D^−β − 2αβx·win′(dY·x·D^(−β−1))
  LRN(context) {
    const { node, inputs, gradient, emit, scalar } = context;
    const [x = ""] = inputs;
    const size = intAttribute(node, "size", 1);
    const [alpha, beta] = [floatAttribute(node, "alpha", 1e-4), floatAttribute(node, "beta", 0.75)];
    const bias = floatAttribute(node, "bias", 1);
    const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
    const squares = overChannels(context, emit("Mul", [x, x]), size, [before, after]);
    const base = emit("Add", [emit("Mul", [squares, scalar(alpha)]), scalar(bias)]);
    const scaled = emit("Mul", [gradient, emit("Pow", [base, scalar(-beta)])]);
    const inner = emit("Div", [emit("Mul", [scaled, x]), base]);
    const shared = overChannels(context, inner, size, [after, before]);
    const rest = emit("Mul", [emit("Mul", [x, scalar(2 * alpha * beta)]), shared]);
    return [emit("Sub", [scaled, rest])];
  },
});

function core(
  { emit, mean, scalar }: Emitter,
  x: string,
  gradient: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const centred = emit("Sub", [x, mean(x, axes, "keep")]);
  return withoutMean({ emit, mean, scalar }, centred, axes, epsilon, (direction) =>
    emit("Sub", [emit("Sub", [gradient, mean(gradient, axes, "keep")]), direction(gradient)]),
  );
}

function rootMeanSquare(context: RuleContext): (string | null)[] {
  const { node, inputs, gradient, emit, extents } = context;
  const [x = "", scale = ""] = inputs;
  const rank = extents(x).length;
  const first = wrapAxis(intAttribute(node, "axis", -1), rank);
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const scaled = emit("Mul", [gradient, scale]);
  const axes = range(rank - first, first);
  return [
    withoutMean(context, x, axes, epsilon, (direction) => emit("Sub", [scaled, direction(scaled)])),
  ];
}

/** r·(what `write` makes of `g ↦ x̂·mean(g·x̂)`), x̂ = centred·r */
function withoutMean(
  { emit, mean, scalar }: Pick<Emitter, "emit" | "mean" | "scalar">,
  centred: string,
  axes: readonly number[],
  epsilon: number,
  write: (direction: (gradient: string) => string) => string,
): string {
  const variance = mean(emit("Mul", [centred, centred]), axes, "keep");
  const spread = emit("Sqrt", [emit("Add", [variance, scalar(epsilon)])]);
  const unit = emit("Div", [centred, spread]);
  const direction = (gradient: string) =>
    emit("Mul", [unit, mean(emit("Mul", [gradient, unit]), axes, "keep")]);
  return emit("Div", [write(direction), spread]);
}

/** scale/√(var + ε) per channel, in double where the numbers are there. */
function batchFactor({ node, inputs, constant, emit, floats, scalar }: RuleContext): string {
  const [, scale = "", , , variance = ""] = inputs;
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const [known, spread] = [constant(scale), constant(variance)];
  if (known && spread) {
    const variances = numbersOf(spread);
    return floats(numbersOf(known).map((s, i) => s / Math.sqrt((variances[i] ?? 0) + epsilon)));
  }
  return emit("Div", [scale, emit("Sqrt", [emit("Add", [variance, scalar(epsilon)])])]);
}

/** Mean over a window of channels, pads counted. */
function overChannels(
  { emit, extents, reshape }: Emitter,
  value: string,
  size: number,
  [before, after]: readonly [number, number],
): string {
  const [n = fixed(1), c = fixed(1), ...spatial] = extents(value);
  const stacked = reshape(value, [n, fixed(1), c, product(spatial)]);
  const means = emit("AveragePool", [stacked], {
    kernel_shape: [size, 1],
    pads: [before, 0, after, 0],
    count_include_pad: 1,
  });
  return reshape(means, extents(value));
}
