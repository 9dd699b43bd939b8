import { convolutionRules as gradients } from "../gradients/convolution.ts";
import { windowAttributes } from "../gradients/window.ts";
import { convolutionAxes, intAttribute } from "../onnx/attributes.ts";
import { asGradient, defineRules } from "./rule.ts";
import { halvesOf, shared } from "./shares.ts";

/**
 * Convolutions; the bias takes nothing.
 *
 *   z⁺   Y = conv(X⁺, W⁺) + conv(X⁻, W⁻);  R = X⁺ ⊙ convᵀ(I ⊘ Y, W⁺) + X⁻ ⊙ convᵀ(I ⊘ Y, W⁻)
 *   zβ   on the picture, l and u its smallest and largest value: the same with X − l for X⁺ and X − u for X⁻
 *
 * The published code takes zβ wherever there are three input channels; here it is for the picture, however many it has.
 */
export const convolutionRules = defineRules({
  Conv(context) {
    const { node, inputs, relevance, emit, shape, isVarying, refuse } = context;
    const [x = "", weight = ""] = inputs;
    if (isVarying(weight)) refuse("its kernel varies from image to image");
    const axes = convolutionAxes(node, shape(x).dims, shape(weight).dims.slice(2));
    const attributes = { group: intAttribute(node, "group", 1), ...windowAttributes(axes) };
    return [
      shared(context, relevance, halvesOf(context, x, weight), {
        forward: (half) => emit("Conv", [half.input, half.weight], attributes),
        back: (value, half) =>
          gradients.Conv(asGradient(context, value, [x, half.weight]))[0] ?? "",
      }),
    ];
  },
});
