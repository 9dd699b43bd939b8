import { intAttribute } from "../onnx/attributes.ts";
import { defineRules } from "./rule.ts";

/**
 *   Softmax      o(dY − Σ dY·o)
 *   LogSoftmax   dY − e^o·Σ dY
 */
export const softmaxRules = defineRules({
  Softmax({ node, outputs: [o = ""], gradient, emit, sum }) {
    const along = sum(emit("Mul", [gradient, o]), [intAttribute(node, "axis", -1)], "keep");
    return [emit("Mul", [o, emit("Sub", [gradient, along])])];
  },

  LogSoftmax({ node, outputs: [o = ""], gradient, emit, sum }) {
    const total = sum(gradient, [intAttribute(node, "axis", -1)], "keep");
    return [emit("Sub", [gradient, emit("Mul", [emit("Exp", [o]), total])])];
  },
});
