import type { Tensor } from "@tensorflow/tfjs-core";
import {
  convolutionAxes,
  intAttribute,
  intsAttribute,
  stringAttribute,
  type WindowAxis,
} from "../../onnx/attributes.ts";
import type { Node } from "../../onnx/graph.ts";
import { cutAlong, joinAlong, padAlong, pickAlong, spreadAlong } from "./along.ts";
import { reshape } from "./compose.ts";
import { defineKernels, type KernelContext } from "./kernel.ts";
import { convolve, convolveBack, type Filter, type PlaneAxes } from "./plane.ts";
import { asVolume, ofVolume } from "./volume.ts";
import type { Made, Value } from "./value.ts";

/**
 * Convolutions, channels last inside. Groups are convolved one by one and joined, unless every channel is a group of
 * its own; volumes are sums of convolved planes, lines are planes of one row.
 */
export const convolutionKernels = defineKernels({
  Conv(context) {
    const { node, value } = context;
    const axes = convolutionAxes(node, value(0).dims, value(1).dims.slice(2));
    return convolved(context, axes, forwards);
  },

  ConvTranspose(context) {
    const { node, value } = context;
    return convolved(
      context,
      transposedAxes(node, value(0).dims, value(1).dims.slice(2)),
      backwards,
    );
  },
});

type Tf = KernelContext["tf"];
type VolumeAxes = readonly [depth: WindowAxis, rows: WindowAxis, columns: WindowAxis];
/** One group: a volume `[N, D, H, W, in]` and its kernels, one plane of them after the other. */
type Group = (tf: Tf, x: Tensor, filters: readonly Filter[], axes: VolumeAxes) => Tensor;

function convolved(context: KernelContext, stated: readonly WindowAxis[], group: Group): Made {
  const { tf, node, value, inputs, tensor } = context;
  if (stated.length > 3) context.refuse("Conv of more than three dimensions");
  const missing = Array.from({ length: 3 - stated.length }, () => unit);
  const axes = [...missing, ...stated] as unknown as VolumeAxes; // padded to three
  const x = asVolume(tf, value(0));
  const groups = intAttribute(node, "group", 1);
  const filters = filtersOf(tf, value(1), groups, axes);
  const width = (x.shape[4] ?? 1) / filters.length;
  const parts = cutAlong(
    tf,
    x,
    4,
    filters.map(() => width),
  );
  const results = parts.map((part, i) => group(tf, part, filters[i] ?? [], axes));
  const joined = results.length === 1 ? (results[0] ?? x) : joinAlong(tf, results, 4);
  const shifted = inputs[2] ? tf.add(joined, tensor(2)) : joined;
  return ofVolume(tf, shifted, stated.length);
}

const unit: WindowAxis = {
  size: 1,
  kernel: 1,
  stride: 1,
  dilation: 1,
  padBegin: 0,
  padEnd: 0,
  out: 1,
};

/** Kernels by group and by plane of their depth; made once for a constant weight. */
function filtersOf(tf: Tf, weight: Value, groups: number, axes: VolumeAxes): Filter[][] {
  const [m = 1, c = 1] = weight.dims;
  const [depth, kh, kw] = axes.map(({ kernel }) => kernel) as [number, number, number]; // three axes
  const isDepthwise = groups > 1 && c === 1 && m % groups === 0;
  const planes = Array.from({ length: depth }, (_, d) => d);
  const taps = () => reshape(tf, weight.plain, [m, c, depth, kh * kw]);
  const cut = (d: number, first: number, count: number) =>
    tf.slice(taps(), [first, 0, d, 0], [count, c, 1, kh * kw]);
  if (isDepthwise)
    return [
      planes.map((d) => ({
        isDepthwise,
        tensor: weight.form(`depthwise ${d}`, () => {
          const own = reshape(tf, cut(d, 0, m), [groups, m / groups, kh, kw]);
          return tf.transpose(own, [2, 3, 0, 1]);
        }),
      })),
    ];
  return Array.from({ length: groups }, (_, g) =>
    planes.map((d) => ({
      isDepthwise: false,
      tensor: weight.form(`group ${g}, plane ${d}`, () => {
        const own = cut(d, (g * m) / groups, m / groups);
        return tf.transpose(reshape(tf, own, [m / groups, c, kh, kw]), [2, 3, 1, 0]);
      }),
    })),
  );
}

/** Every plane of the kernel over the planes of the volume that it meets. */
function forwards(tf: Tf, x: Tensor, filters: readonly Filter[], axes: VolumeAxes): Tensor {
  const [depth, ...plane] = axes;
  const whole = padAlong(tf, x, 1, depth.padBegin, depth.padEnd, 0);
  const parts = filters.map((filter, d) => {
    const start = d * depth.dilation;
    const met = pickAlong(tf, whole, 1, { start, step: depth.stride, count: depth.out });
    return byPlanes(tf, met, (planes) => convolve(tf, planes, filter, plane as PlaneAxes)); // two are left
  });
  return parts.reduce((a, b) => tf.add(a, b));
}

/** Every plane of the kernel from the planes of the volume to those it reaches. */
function backwards(tf: Tf, x: Tensor, filters: readonly Filter[], axes: VolumeAxes): Tensor {
  const [depth, ...plane] = axes;
  const parts = filters.map((filter, d) => {
    const back = (planes: Tensor) => convolveBack(tf, planes, filter, plane as PlaneAxes); // two are left
    const spread = spreadAlong(tf, byPlanes(tf, x, back), 1, depth.stride);
    const begin = d * depth.dilation - depth.padBegin;
    return padAlong(tf, spread, 1, begin, depth.size - begin - (spread.shape[1] ?? 1), 0);
  });
  return parts.reduce((a, b) => tf.add(a, b));
}

/** `[N, D, H, W, C]` as `N·D` planes and back. */
function byPlanes(tf: Tf, x: Tensor, make: (planes: Tensor) => Tensor): Tensor {
  const [n = 1, d = 1, ...plane] = x.shape;
  const made = make(reshape(tf, x, [n * d, ...plane]));
  return reshape(tf, made, [n, d, ...made.shape.slice(1)]);
}

/** The axes of the convolution that this one transposes: from its `size` positions, the result's, to `out`, the input's. */
function transposedAxes(
  node: Node,
  dims: readonly number[],
  kernels: readonly number[],
): WindowAxis[] {
  const inputs = dims.slice(2);
  const all = (name: string, otherwise: number) =>
    intsAttribute(node, name) ?? inputs.map(() => otherwise);
  const [strides, dilations, extra] = [
    all("strides", 1),
    all("dilations", 1),
    all("output_padding", 0),
  ];
  const pads = intsAttribute(node, "pads") ?? inputs.flatMap(() => [0, 0]);
  const stated = intsAttribute(node, "output_shape")?.slice(-inputs.length);
  const autoPad = stringAttribute(node, "auto_pad", "NOTSET");
  return inputs.map((out, i) => {
    const [stride = 1, dilation = 1, kernel = 1] = [strides[i], dilations[i], kernels[i]];
    const full = (out - 1) * stride + dilation * (kernel - 1) + 1 + (extra[i] ?? 0);
    let [padBegin, padEnd] = [pads[i] ?? 0, pads[i + inputs.length] ?? 0];
    if (autoPad === "VALID") [padBegin, padEnd] = [0, 0];
    const wanted = stated?.[i] ?? (autoPad.startsWith("SAME") ? out * stride : undefined);
    if (wanted !== undefined) {
      const total = Math.max(0, full - wanted);
      padBegin = autoPad === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
      padEnd = full - wanted - padBegin;
    }
    return { size: full - padBegin - padEnd, kernel, stride, dilation, padBegin, padEnd, out };
  });
}
