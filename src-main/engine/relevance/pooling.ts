import { slidingAxes, poolingRules as gradients } from "../gradients/pooling.ts";
import { intAttribute, intsAttribute } from "../onnx/attributes.ts";
import { range } from "../gradients/extents.ts";
import { asGradient, defineRules, type RelevanceContext } from "./rule.ts";
import { positive, shared } from "./shares.ts";

/**
 * Pooling of positive parts.
 *
 *   MaxPool       I goes to the greatest of each window, the first on ties; dropped where that is not above 0
 *   AveragePool   R = X⁺ ⊙ avgᵀ(I ⊘ avg(X⁺))
 */
export const poolingRules = defineRules({
  MaxPool: (context) => gradients.MaxPool(asGradient(context, wherePositive(context))),
  GlobalMaxPool: (context) => gradients.GlobalMaxPool(asGradient(context, wherePositive(context))),

  AveragePool(context) {
    const { node, inputs, relevance, emit, shape, ints } = context;
    const axes = slidingAxes(asGradient(context));
    const dilations = intsAttribute(node, "dilations");
    const attributes = {
      ceil_mode: intAttribute(node, "ceil_mode", 0),
      count_include_pad: intAttribute(node, "count_include_pad", 0),
      ...(dilations && { dilations }),
      kernel_shape: axes.map((a) => a.kernel),
      strides: axes.map((a) => a.stride),
      pads: [...axes.map((a) => a.padBegin), ...axes.map((a) => a.padEnd)],
    };
    const input = positive(context, inputs[0] ?? "");
    return [
      shared(context, relevance, [{ input, weight: "" }], {
        // The static shape counts one window too many where the last would start in the end pad.
        forward: () =>
          emit("Slice", [
            emit("AveragePool", [input], attributes),
            ints(axes.map(() => 0)),
            ints(axes.map((a) => a.out)),
            ints(range(shape(input).dims.length - 2, 2)),
          ]),
        back: (value) => gradients.AveragePool(asGradient(context, value))[0] ?? "",
      }),
    ];
  },

  GlobalAveragePool(context) {
    const { inputs, relevance, mean, extents } = context;
    const input = positive(context, inputs[0] ?? "");
    const spatial = range(extents(input).length - 2, 2);
    return [
      shared(context, relevance, [{ input, weight: "" }], {
        forward: () => mean(input, spatial, "keep"),
        back: (value) => gradients.GlobalAveragePool(asGradient(context, value))[0] ?? "",
      }),
    ];
  },
});

function wherePositive({ outputs: [o = ""], relevance, emit, scalar }: RelevanceContext): string {
  return emit("Where", [emit("Greater", [o, scalar(0)]), relevance, scalar(0)]);
}
