import { floatAttribute, stringAttribute } from "../onnx/attributes.ts";
import { defineRules, type Emitter } from "./rule.ts";

/**
 * Activations. Masks read the output where it suffices: reading the input undoes the runtime's fusion of convolution
 * and activation. `Where(mask, dY, 0)` and not `mask · dY`: 0 · ∞ is NaN.
 */
export const activationRules = defineRules({
  Relu: ({ outputs: [o = ""], gradient, emit, scalar }) => [
    emit("Where", [emit("Greater", [o, scalar(0)]), gradient, scalar(0)]),
  ],

  LeakyRelu({ node, inputs: [x = ""], outputs: [o = ""], gradient, emit, scalar }) {
    const alpha = floatAttribute(node, "alpha", 0.01);
    const isPositive = emit("Greater", [alpha >= 0 ? o : x, scalar(0)]);
    return [emit("Where", [isPositive, gradient, emit("Mul", [gradient, scalar(alpha)])])];
  },

  // Slopes may be negative, so the sign is that of x.
  PRelu: ({ inputs: [x = "", slope = ""], gradient, emit, scalar }) => [
    emit("Where", [emit("Greater", [x, scalar(0)]), gradient, emit("Mul", [gradient, slope])]),
  ],

  ThresholdedRelu({ node, inputs: [x = ""], gradient, emit, scalar }) {
    const isPassed = emit("Greater", [x, scalar(floatAttribute(node, "alpha", 1))]);
    return [emit("Where", [isPassed, gradient, scalar(0)])];
  },

  // Strictly inside, so that ReLU6 is 0 at 0 as ReLU is.
  Clip({ inputs: [, low = "", high = ""], outputs: [o = ""], gradient, emit, scalar }) {
    const isAbove = low ? emit("Greater", [o, low]) : "";
    const isBelow = high ? emit("Less", [o, high]) : "";
    if (!isAbove && !isBelow) return [gradient];
    const isInside = isAbove && isBelow ? emit("And", [isAbove, isBelow]) : isAbove || isBelow;
    return [emit("Where", [isInside, gradient, scalar(0)])];
  },

  // o(1 − o)
  Sigmoid({ outputs: [o = ""], gradient, emit, scalar }) {
    const slope = emit("Mul", [o, emit("Sub", [scalar(1), o])]);
    return [emit("Mul", [gradient, slope])];
  },

  // 1 − o²
  Tanh({ outputs: [o = ""], gradient, emit, scalar }) {
    const slope = emit("Sub", [scalar(1), emit("Mul", [o, o])]);
    return [emit("Mul", [gradient, slope])];
  },

  Softplus: ({ inputs: [x = ""], gradient, emit }) => [
    emit("Mul", [gradient, emit("Sigmoid", [x])]),
  ],

  // 1 / (1 + |x|)²
  Softsign({ inputs: [x = ""], gradient, emit, scalar }) {
    const spread = emit("Add", [scalar(1), emit("Abs", [x])]);
    return [emit("Div", [gradient, emit("Mul", [spread, spread])])];
  },

  HardSigmoid({ node, outputs: [o = ""], gradient, emit, scalar }) {
    const isInside = emit("And", [emit("Greater", [o, scalar(0)]), emit("Less", [o, scalar(1)])]);
    const alpha = floatAttribute(node, "alpha", 0.2);
    return [emit("Where", [isInside, emit("Mul", [gradient, scalar(alpha)]), scalar(0)])];
  },

  // 0 below −3, x/3 + ½, 1 above 3
  HardSwish({ inputs: [x = ""], gradient, emit, scalar }) {
    const line = emit("Add", [emit("Mul", [x, scalar(1 / 3)]), scalar(0.5)]);
    const rising = emit("Where", [emit("Greater", [x, scalar(-3)]), line, scalar(0)]);
    const slope = emit("Where", [emit("Less", [x, scalar(3)]), rising, scalar(1)]);
    return [emit("Mul", [gradient, slope])];
  },

  Elu({ node, inputs: [x = ""], outputs: [o = ""], gradient, emit, scalar }) {
    const below = emit("Add", [o, scalar(floatAttribute(node, "alpha", 1))]);
    return [belowZero({ emit, scalar }, x, gradient, below, gradient)];
  },

  Celu({ node, inputs: [x = ""], outputs: [o = ""], gradient, emit, scalar }) {
    const part = emit("Mul", [o, scalar(1 / floatAttribute(node, "alpha", 1))]);
    return [belowZero({ emit, scalar }, x, gradient, emit("Add", [part, scalar(1)]), gradient)];
  },

  Selu({ node, inputs: [x = ""], outputs: [o = ""], gradient, emit, scalar }) {
    const alpha = floatAttribute(node, "alpha", 1.6732632423543772);
    const gamma = floatAttribute(node, "gamma", 1.0507009873554805);
    const above = emit("Mul", [gradient, scalar(gamma)]);
    const below = emit("Add", [o, scalar(alpha * gamma)]);
    return [belowZero({ emit, scalar }, x, gradient, below, above)];
  },

  // t + xσ(1 − t²), t = tanh(softplus x)
  Mish({ inputs: [x = ""], gradient, emit, scalar }) {
    const t = emit("Tanh", [emit("Softplus", [x])]);
    const rise = emit("Sub", [scalar(1), emit("Mul", [t, t])]);
    const rest = emit("Mul", [emit("Mul", [x, emit("Sigmoid", [x])]), rise]);
    return [emit("Mul", [gradient, emit("Add", [t, rest])])];
  },

  Swish: ({ node, inputs: [x = ""], outputs: [o = ""], gradient, emit, scalar }) => [
    swish({ emit, scalar }, x, o, gradient, floatAttribute(node, "alpha", 1)),
  ],

  "com.microsoft:QuickGelu": ({
    node,
    inputs: [x = ""],
    outputs: [o = ""],
    gradient,
    emit,
    scalar,
  }) => [swish({ emit, scalar }, x, o, gradient, floatAttribute(node, "alpha", 1.702))],

  Gelu({ node, inputs: [x = ""], gradient, emit, scalar }) {
    const isTanh = stringAttribute(node, "approximate", "none") === "tanh";
    const slope = isTanh ? tanhGeluSlope({ emit, scalar }, x) : geluSlope({ emit, scalar }, x);
    return [emit("Mul", [gradient, slope])];
  },
});

type Writer = Pick<Emitter, "emit" | "scalar">;

/** Where x > 0 `above`, else dY · `slope`. */
function belowZero(
  { emit, scalar }: Writer,
  x: string,
  gradient: string,
  slope: string,
  above: string,
): string {
  return emit("Where", [emit("Greater", [x, scalar(0)]), above, emit("Mul", [gradient, slope])]);
}

/** σ + αo(1 − σ), σ = σ(αx) */
function swish({ emit, scalar }: Writer, x: string, o: string, gradient: string, alpha: number) {
  const sigma = emit("Sigmoid", [alpha === 1 ? x : emit("Mul", [x, scalar(alpha)])]);
  const rest = emit("Mul", [emit("Mul", [o, scalar(alpha)]), emit("Sub", [scalar(1), sigma])]);
  return emit("Mul", [gradient, emit("Add", [sigma, rest])]);
}

/** Φ(x) + xφ(x) */
function geluSlope({ emit, scalar }: Writer, x: string): string {
  const erf = emit("Erf", [emit("Mul", [x, scalar(Math.SQRT1_2)])]);
  const cumulative = emit("Mul", [emit("Add", [erf, scalar(1)]), scalar(0.5)]);
  const bell = emit("Exp", [emit("Mul", [emit("Mul", [x, x]), scalar(-0.5)])]);
  const density = emit("Mul", [bell, scalar(1 / Math.sqrt(2 * Math.PI))]);
  return emit("Add", [cumulative, emit("Mul", [x, density])]);
}

/** ½(1 + t) + ½x(1 − t²)u′, t = tanh u, u = √(2/π)(x + 0.044715x³) */
function tanhGeluSlope({ emit, scalar }: Writer, x: string): string {
  const root = Math.sqrt(2 / Math.PI);
  const square = emit("Mul", [x, x]);
  const cubic = emit("Add", [emit("Mul", [square, scalar(0.044715 * root)]), scalar(root)]);
  const t = emit("Tanh", [emit("Mul", [x, cubic])]);
  const inner = emit("Add", [emit("Mul", [square, scalar(3 * 0.044715 * root)]), scalar(root)]);
  const rise = emit("Sub", [scalar(1), emit("Mul", [t, t])]);
  const bend = emit("Mul", [emit("Mul", [x, rise]), inner]);
  return emit("Mul", [emit("Add", [emit("Add", [t, scalar(1)]), bend]), scalar(0.5)]);
}
