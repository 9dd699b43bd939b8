import { productRules as gradients } from "../gradients/product.ts";
import { floatAttribute, intAttribute } from "../onnx/attributes.ts";
import { asGradient, defineRules } from "./rule.ts";
import { halvesOf, shared } from "./shares.ts";

/**
 * Products with a weight matrix, by z⁺ as convolutions are; an extension of the published rules. A product of two values
 * that both vary is attention, or like it: relevance has no one way through it.
 */
export const productRules = defineRules({
  MatMul(context) {
    const { inputs, relevance, emit, isVarying, refuse } = context;
    const [x = "", weight = ""] = inputs;
    if (isVarying(weight)) refuse("it multiplies values that both depend on the picture");
    return [
      shared(context, relevance, halvesOf(context, x, weight), {
        forward: (half) => emit("MatMul", [half.input, half.weight]),
        back: (value, half) =>
          gradients.MatMul(asGradient(context, value, [x, half.weight]))[0] ?? "",
      }),
    ];
  },

  Gemm(context) {
    const { node, inputs, relevance, emit, isVarying, refuse } = context;
    const [x = "", weight = ""] = inputs;
    if (isVarying(weight)) refuse("it multiplies values that both depend on the picture");
    if (floatAttribute(node, "alpha", 1) < 0) refuse("it turns the sign of its weights");
    const attributes = {
      transA: intAttribute(node, "transA", 0),
      transB: intAttribute(node, "transB", 0),
      alpha: { float: floatAttribute(node, "alpha", 1) },
    };
    return [
      shared(context, relevance, halvesOf(context, x, weight), {
        forward: (half) => emit("Gemm", [half.input, half.weight], attributes),
        back: (value, half) =>
          gradients.Gemm(asGradient(context, value, [x, half.weight]))[0] ?? "",
      }),
    ];
  },
});
