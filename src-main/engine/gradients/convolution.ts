import {
  convolutionAxes,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from "../onnx/attributes.ts";
import type { Node } from "../onnx/graph.ts";
import { fixed, range } from "./extents.ts";
import { defineRules, type Emitter } from "./rule.ts";
import { backAttributes } from "./window.ts";

/**
 * Convolutions. Weights and bias are frozen, so only the image side has a gradient.
 *
 *   Conv            stride 1: dX = Conv(dY, W′), W′ = taps flipped, in and out swapped per group; up to 9x faster than
 *                   else:     dX = ConvTranspose(dY, W)
 *   ConvTranspose   dX = Conv(dY, W): the weight's layout fits as it is
 */
export const convolutionRules = defineRules({
  Conv(context) {
    const { node, inputs, gradient, emit, shape, pad } = context;
    const [x = "", weight = ""] = inputs;
    const axes = convolutionAxes(node, shape(x).dims, shape(weight).dims.slice(2));
    const group = intAttribute(node, "group", 1);
    if (axes.some((a) => a.stride !== 1))
      return [emit("ConvTranspose", [gradient, weight], { group, ...backAttributes(axes) })];

    const begins = axes.map((a) => a.dilation * (a.kernel - 1) - a.padBegin);
    const ends = axes.map((a) => a.dilation * (a.kernel - 1) - a.padEnd);
    const crop = (pads: readonly number[]) => [0, 0, ...pads.map((count) => Math.min(count, 0))];
    const visible = pad(gradient, crop(begins), crop(ends));
    return [
      emit("Conv", [visible, flipped(context, weight, group)], {
        group,
        dilations: axes.map((a) => a.dilation),
        pads: [...begins, ...ends].map((count) => Math.max(count, 0)),
      }),
    ];
  },

  ConvTranspose({ node, inputs, outputs, gradient, emit, shape, pad }) {
    const [x = "", weight = ""] = inputs;
    const sizes = shape(x).dims.slice(2);
    const outs = shape(outputs[0] ?? "").dims.slice(2);
    const strides = intsAttribute(node, "strides") ?? sizes.map(() => 1);
    const dilations = intsAttribute(node, "dilations") ?? sizes.map(() => 1);
    const kernel = shape(weight).dims.slice(2);
    const axes = sizes.map((size, i) => {
      const full =
        (size - 1) * (strides[i] ?? 1) + (dilations[i] ?? 1) * ((kernel[i] ?? 1) - 1) + 1;
      const begin = beginPad(node, i, sizes.length, full - (outs[i] ?? 0));
      return { begin, end: full - (outs[i] ?? 0) - begin };
    });
    // Output rows past the last window (output_padding) were not written by it.
    const seen = pad(
      gradient,
      [0, 0, ...axes.map(() => 0)],
      [0, 0, ...axes.map((a) => Math.min(a.end, 0))],
    );
    return [
      emit("Conv", [seen, weight], {
        group: intAttribute(node, "group", 1),
        strides,
        dilations,
        pads: [...axes.map((a) => a.begin), ...axes.map((a) => Math.max(a.end, 0))],
      }),
    ];
  },
});

/** `surplus` is how much longer the unpadded output would be, before output_padding. */
function beginPad(node: Node, axis: number, rank: number, surplus: number): number {
  const autoPad = stringAttribute(node, "auto_pad", "NOTSET");
  if (autoPad === "VALID") return 0;
  const isGiven = autoPad === "NOTSET" && !intsAttribute(node, "output_shape");
  if (isGiven) return intsAttribute(node, "pads")?.[axis] ?? 0;
  const extra = intsAttribute(node, "output_padding")?.[axis % rank] ?? 0;
  const total = Math.max(0, surplus + extra);
  return autoPad === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
}

/** `[M, C/g, ..]` as `[C, M/g, ..]` with the taps in reverse order; the runtime folds it at load. */
function flipped(
  { emit, extents, reshape, transpose, ints }: Emitter,
  weight: string,
  group: number,
) {
  const [m = fixed(1), c = fixed(1), ...taps] = extents(weight);
  const perGroup = fixed(m.size / group);
  const rest = range(taps.length);
  let swapped = weight;
  if (group === 1) swapped = transpose(weight, [1, 0, ...rest.map((axis) => axis + 2)]);
  else if (perGroup.size > 1 || c.size > 1) {
    const grouped = reshape(weight, [fixed(group), perGroup, c, ...taps]);
    const turned = transpose(grouped, [0, 2, 1, ...rest.map((axis) => axis + 3)]);
    swapped = reshape(turned, [fixed(group * c.size), perGroup, ...taps]);
  }
  const axes = rest.filter((axis) => taps[axis]?.size !== 1);
  if (axes.length === 0) return swapped;
  return emit("Slice", [
    swapped,
    ints(axes.map(() => -1)),
    ints(axes.map((axis) => -(taps[axis]?.size ?? 1) - 1)),
    ints(axes.map((axis) => axis + 2)),
    ints(axes.map(() => -1)),
  ]);
}
