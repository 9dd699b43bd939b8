import { intAttribute } from "../onnx/attributes.ts";
import { numbersOf } from "../onnx/constant.ts";
import type { ElementType } from "../onnx/graph.ts";
import { range, wrapAxis } from "./extents.ts";
import { defineRules, type RuleContext } from "./rule.ts";

/**
 * Quantisation, straight through: codes stand for the floats they encode. QuantizeLinear passes a gradient only inside
 * its range, (qmin − z − ½)s < x < (qmax − z + ½)s: quantised models keep their ReLU6 in that saturation, and without
 * the mask a middle-layer map loses all likeness to the float model's.
 */
export const quantisationRules = defineRules({
  DequantizeLinear: ({ gradient }) => [gradient],

  QuantizeLinear(context) {
    const {
      inputs: [x = ""],
      gradient,
      emit,
      scalar,
    } = context;
    const [low, high] = saturation(context);
    const isInside = emit("And", [emit("Greater", [x, low]), emit("Less", [x, high])]);
    return [emit("Where", [isInside, gradient, scalar(0)])];
  },
});

const codeRange: Partial<Record<ElementType, readonly [lowest: number, highest: number]>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
};

/** The bounds of x, one per tensor or one per channel. */
function saturation(context: RuleContext): [low: string, high: string] {
  const {
    node,
    inputs: [x = "", scale = "", zero = ""],
    outputs,
    shape,
    refuse,
  } = context;
  const { constant, floats, scalar } = context;
  if (intAttribute(node, "block_size", 0)) refuse("it is quantised in blocks");
  const scales = numbersOf(constant(scale) ?? refuse("its scale varies from image to image"));
  const stated = zero ? constant(zero) : undefined;
  const zeros = stated ? numbersOf(stated) : scales.map(() => 0);
  const { type } = shape(outputs[0] ?? "");
  const [lowest, highest] = codeRange[type] ?? refuse(`its codes are ${type}`);
  const bounds = [lowest - 0.5, highest + 0.5].map((code) =>
    scales.map((s, i) => (code - (zeros[i] ?? 0)) * s),
  );
  const rank = shape(x).dims.length;
  const axis = wrapAxis(intAttribute(node, "axis", 1), rank);
  const dims = range(rank).map((i) => (i === axis ? scales.length : 1));
  const [low = [], high = []] = bounds;
  return scales.length === 1
    ? [scalar(low[0] ?? 0), scalar(high[0] ?? 0)]
    : [floats(low, dims), floats(high, dims)];
}
