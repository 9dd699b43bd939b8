import { numbersOf } from "../onnx/constant.ts";
import { defineRules, type RuleContext } from "./rule.ts";

/** Element-wise arithmetic; where operands were broadcast, their gradients are summed back. */
export const arithmeticRules = defineRules({
  Add: ({ inputs, gradient, wanted, unbroadcast }) =>
    inputs.map((input, i) => (wanted[i] ? unbroadcast(gradient, input) : null)),

  Sub: ({ inputs: [a = "", b = ""], gradient, wanted, emit, unbroadcast }) => [
    wanted[0] ? unbroadcast(gradient, a) : null,
    wanted[1] ? emit("Neg", [unbroadcast(gradient, b)]) : null,
  ],

  Mul: ({ inputs: [a = "", b = ""], gradient, wanted, emit, unbroadcast }) => [
    wanted[0] ? unbroadcast(emit("Mul", [gradient, b]), a) : null,
    wanted[1] ? unbroadcast(emit("Mul", [gradient, a]), b) : null,
  ],

  // d(a/b) = da/b − (a/b)·db/b
  Div({ inputs: [a = "", b = ""], outputs: [o = ""], gradient, wanted, emit, unbroadcast }) {
    const scaled = emit("Div", [gradient, b]);
    const dB = () => emit("Neg", [unbroadcast(emit("Mul", [scaled, o]), b)]);
    return [wanted[0] ? unbroadcast(scaled, a) : null, wanted[1] ? dB() : null];
  },

  Pow(context) {
    const { inputs, outputs, gradient, wanted, emit, scalar, shape, cast, unbroadcast } = context;
    const [x = "", p = ""] = inputs;
    const dX = () => unbroadcast(emit("Mul", [gradient, powerSlope(context, x, p)]), x);
    const dP = () => {
      const log = emit("Log", [x]); // of a power that is a number, x > 0
      const slope = emit("Mul", [outputs[0] ?? "", log]);
      const isDefined = emit("Greater", [x, scalar(0)]);
      const safe = emit("Where", [isDefined, slope, scalar(0)]);
      return unbroadcast(cast(emit("Mul", [gradient, safe]), shape(p).type), p);
    };
    return [wanted[0] ? dX() : null, wanted[1] ? dP() : null];
  },

  Sum: ({ inputs, gradient, wanted, unbroadcast }) =>
    inputs.map((input, i) => (wanted[i] ? unbroadcast(gradient, input) : null)),

  Mean({ inputs, gradient, wanted, emit, scalar, unbroadcast }) {
    const share = emit("Mul", [gradient, scalar(1 / inputs.length)]);
    return inputs.map((input, i) => (wanted[i] ? unbroadcast(share, input) : null));
  },
});

/** p·x^(p−1) */
function powerSlope(
  { emit, scalar, constant, shape, cast }: RuleContext,
  x: string,
  p: string,
): string {
  const known = constant(p);
  const [power, ...more] = known ? numbersOf(known) : [];
  if (power !== undefined && more.length === 0) {
    if (power === 2) return emit("Mul", [x, scalar(2)]);
    return emit("Mul", [scalar(power), emit("Pow", [x, scalar(power - 1)])]);
  }
  const exponent = cast(p, shape(x).type);
  return emit("Mul", [exponent, emit("Pow", [x, emit("Sub", [exponent, scalar(1)])])]);
}
