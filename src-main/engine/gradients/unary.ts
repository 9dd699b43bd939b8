import { defineRules, type Rule, type RuleContext } from "./rule.ts";

/** Functions of one number: dX = dY · f′, written with x or, where that is enough, with the result o. */
export const unaryRules = defineRules({
  Neg: ({ gradient, emit }) => [emit("Neg", [gradient])],
  // ½/o: ∞ at 0, as the slope is; but where no gradient arrives none leaves, and 0/0 is NaN.
  Sqrt({ outputs: [o = ""], gradient, emit, scalar }) {
    const slope = emit("Div", [emit("Mul", [gradient, scalar(0.5)]), o]);
    return [emit("Where", [emit("Equal", [gradient, scalar(0)]), scalar(0), slope])];
  },
  Exp: ({ outputs: [o = ""], gradient, emit }) => [emit("Mul", [gradient, o])],
  Log: ({ inputs: [x = ""], gradient, emit }) => [emit("Div", [gradient, x])],
  Abs: slope((x, _, { emit }) => emit("Sign", [x])),
  Reciprocal: slope((_, o, { emit }) => emit("Neg", [emit("Mul", [o, o])])),
  Sin: slope((x, _, { emit }) => emit("Cos", [x])),
  Cos: slope((x, _, { emit }) => emit("Neg", [emit("Sin", [x])])),
  Tan: slope((_, o, { emit, scalar }) => emit("Add", [scalar(1), emit("Mul", [o, o])])),
  // 2/√π · e^(−x²)
  Erf: slope((x, _, { emit, scalar }) => {
    const bell = emit("Exp", [emit("Neg", [emit("Mul", [x, x])])]);
    return emit("Mul", [bell, scalar(2 / Math.sqrt(Math.PI))]);
  }),
});

function slope(write: (x: string, o: string, context: RuleContext) => string): Rule {
  return (context) => {
    const [x = ""] = context.inputs;
    const [o = ""] = context.outputs;
    return [context.emit("Mul", [context.gradient, write(x, o, context)])];
  };
}
