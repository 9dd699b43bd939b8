import { convolutionAxes, intAttribute, intsAttribute } from "../onnx/attributes.ts";
import { countOf } from "../onnx/constant.ts";
import { fixed, product, range } from "./extents.ts";
import { defineRules, type RuleContext } from "./rule.ts";
import { backAttributes, endPads, perChannel, windowAttributes, type Sliding } from "./window.ts";

/**
 * Pooling. Every channel is pooled alike, so all work is done on `[N·C, 1, ..]`.
 *
 *   AveragePool     dX = ConvTranspose(dY ⊙ w, ones), w = 1 / divisor of each window, asked of the runtime itself:
 *                   right for count_include_pad, ceil_mode, auto_pad and dilations at any opset
 *   MaxPool         patches P = Conv(x, one-hot kernels) [N·C, k², ..]; dX = ConvTranspose(where P is the first of
 *                   its greatest, dY, one-hot kernels). MaxPool with Indices costs 25 plain ones and does not exist on
 *                   WebGPU; MaxUnpool overwrites where windows overlap
 *   LpPool          dX = sign(x) |x|^(p−1) ⊙ ConvTranspose(dY ⊙ o^(1−p), ones)
 *   Global…         the same with one window
 */
export const poolingRules = defineRules({
  AveragePool(context) {
    const { node, inputs, gradient, emit, shape, extents, reshape, expand, filled, ints } = context;
    const [x = ""] = inputs;
    const axes = slidingAxes(context);
    const kernel = axes.map((a) => a.kernel);
    const isWhole = axes.every(
      (a) => a.out === 1 && a.dilation === 1 && a.padBegin + a.size <= a.kernel,
    );
    const isTiled = axes.every(
      (a) =>
        a.kernel === a.stride && !a.padBegin && a.size === a.kernel * a.out && a.dilation === 1,
    );
    const ones = filled(1, [1, 1, ...shape(x).dims.slice(2)]);
    const given = ["ceil_mode", "count_include_pad"].map((name) => [
      name,
      intAttribute(node, name, 0),
    ]);
    const dilations = intsAttribute(node, "dilations");
    const means = emit("AveragePool", [ones], {
      ...Object.fromEntries(given),
      ...(dilations && { dilations }),
      kernel_shape: kernel,
      strides: axes.map((a) => a.stride),
      pads: [...axes.map((a) => a.padBegin), ...axes.map((a) => a.padEnd)],
    });
    // The runtime's static check believes one window too many where the last would start in the end pad.
    const seen = emit("Slice", [
      means,
      ints(axes.map(() => 0)),
      ints(axes.map((a) => a.out)),
      ints(axes.map((_, i) => i + 2)),
    ]);
    const counts = emit("Conv", [ones, filled(1, [1, 1, ...kernel])], windowAttributes(axes));
    const weighted = emit("Mul", [gradient, emit("Div", [seen, counts])]);
    if (isWhole) return [expand(weighted, extents(x))];

    const each = perChannel(context, weighted);
    if (isTiled) {
      const [rows = fixed(1)] = extents(each);
      const parts = axes.flatMap((a) => [fixed(a.out), fixed(1)]);
      const tiles = axes.flatMap((a) => [fixed(a.out), fixed(a.kernel)]);
      return [reshape(expand(reshape(each, [rows, ...parts]), [rows, ...tiles]), extents(x))];
    }
    const back = emit("ConvTranspose", [each, filled(1, [1, 1, ...kernel])], backAttributes(axes));
    return [reshape(back, extents(x))];
  },

  MaxPool(context) {
    const { inputs, gradient, emit, shape, extents, reshape, floats, ints, scalar, cast } = context;
    const [x = ""] = inputs;
    const axes = slidingAxes(context);
    const kernel = axes.map((a) => a.kernel);
    const count = countOf(kernel);
    const oneHot = floats(
      range(count * count).map((i) => (i % count === Math.floor(i / count) ? 1 : 0)),
      [count, 1, ...kernel],
    );
    const { type } = shape(gradient);
    const pads = [0, 0, ...axes.map((a) => a.padBegin), 0, 0, ...endPads(axes)];
    const each = perChannel(context, cast(x, type));
    const lowest = scalar(type === "f16" ? -65504 : -3.4028234663852886e38);
    const padded = pads.some(Boolean) ? emit("Pad", [each, ints(pads), lowest]) : each;
    const patches = emit("Conv", [padded, oneHot], {
      strides: axes.map((a) => a.stride),
      dilations: axes.map((a) => a.dilation),
    });
    const greatest = cast(emit("ArgMax", [patches], { axis: 1 }), "i32");
    const places = cast(ints(range(count), [1, count, ...axes.map(() => 1)]), "i32");
    const isTaken = emit("Equal", [greatest, places]);
    const sent = emit("Where", [isTaken, perChannel(context, gradient), scalar(0)]);
    const back = emit("ConvTranspose", [sent, oneHot], backAttributes(axes));
    return [reshape(back, extents(x))];
  },

  LpPool(context) {
    const { node, inputs, emit, extents, reshape, filled } = context;
    const [x = ""] = inputs;
    const axes = slidingAxes(context);
    const p = intAttribute(node, "p", 2);
    const each = perChannel(context, perWindow(context, p));
    const ones = filled(1, [1, 1, ...axes.map((a) => a.kernel)]);
    const back = emit("ConvTranspose", [each, ones], backAttributes(axes));
    return [emit("Mul", [reshape(back, extents(x)), signedPower(context, p)])];
  },

  GlobalAveragePool({ inputs, gradient, emit, shape, extents, scalar, expand }) {
    const [x = ""] = inputs;
    const count = countOf(shape(x).dims.slice(2));
    return [expand(emit("Mul", [gradient, scalar(1 / count)]), extents(x))];
  },

  GlobalMaxPool({ inputs, gradient, emit, extents, reshape, ints, scalar, cast }) {
    const [x = ""] = inputs;
    const [n = fixed(1), c = fixed(1), ...spatial] = extents(x);
    const all = product(spatial);
    const greatest = cast(emit("ArgMax", [reshape(x, [n, c, all])], { axis: 2 }), "i32");
    const isTaken = emit("Equal", [greatest, cast(ints(range(all.size)), "i32")]);
    const sent = emit("Where", [isTaken, reshape(gradient, [n, c, fixed(1)]), scalar(0)]);
    return [reshape(sent, extents(x))];
  },

  GlobalLpPool(context) {
    const { node, emit } = context;
    const p = intAttribute(node, "p", 2);
    return [emit("Mul", [perWindow(context, p), signedPower(context, p)])];
  },
});

/** The node's windows, with the output extents it really has. */
export function slidingAxes({ node, inputs, outputs, shape }: RuleContext): Sliding[] {
  const outs = shape(outputs[0] ?? "").dims.slice(2);
  return convolutionAxes(node, shape(inputs[0] ?? "").dims).map((axis, i) => ({
    ...axis,
    out: outs[i] ?? axis.out,
  }));
}

/** dY · o^(1−p), and 0 where the whole window was 0. */
function perWindow({ outputs, gradient, emit, scalar }: RuleContext, p: number): string {
  if (p === 1) return gradient;
  const [o = ""] = outputs;
  const scaled =
    p === 2 ? emit("Div", [gradient, o]) : emit("Mul", [gradient, emit("Pow", [o, scalar(1 - p)])]);
  return emit("Where", [emit("Equal", [o, scalar(0)]), scalar(0), scaled]);
}

/** sign(x) · |x|^(p−1) */
function signedPower({ inputs, emit, scalar }: RuleContext, p: number): string {
  const [x = ""] = inputs;
  if (p === 2) return x;
  const sign = emit("Sign", [x]);
  if (p === 1) return sign;
  return emit("Mul", [sign, emit("Pow", [emit("Abs", [x]), scalar(p - 1)])]);
}
