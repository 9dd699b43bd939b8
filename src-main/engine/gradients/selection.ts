import { defineRules, type RuleContext } from "./rule.ts";

/** Operators that pass on one operand per element: it takes the whole gradient. */
export const selectionRules = defineRules({
  Where({ inputs: [condition = "", a = "", b = ""], gradient, wanted, emit, scalar, unbroadcast }) {
    const dA = () => unbroadcast(emit("Where", [condition, gradient, scalar(0)]), a);
    const dB = () => unbroadcast(emit("Where", [condition, scalar(0), gradient]), b);
    return [null, wanted[1] ? dA() : null, wanted[2] ? dB() : null];
  },
  Max: firstEqual,
  Min: firstEqual,
});

/** Of Max and Min: the first operand that equals the result. */
function firstEqual(context: RuleContext): (string | null)[] {
  const { inputs, outputs, gradient, wanted, emit, scalar, unbroadcast } = context;
  let isTaken = "";
  return inputs.map((input, i) => {
    const isEqual = emit("Equal", [input, outputs[0] ?? ""]);
    const isFirst = isTaken ? emit("And", [isEqual, emit("Not", [isTaken])]) : isEqual;
    isTaken = isTaken ? emit("Or", [isTaken, isEqual]) : isEqual;
    if (!wanted[i]) return null;
    return unbroadcast(emit("Where", [isFirst, gradient, scalar(0)]), input);
  });
}
