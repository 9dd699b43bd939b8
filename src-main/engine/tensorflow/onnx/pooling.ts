import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import {
  convolutionAxes,
  intAttribute,
  intsAttribute,
  type WindowAxis,
} from "../../onnx/attributes.ts";
import { padAlong, pickAlong } from "./along.ts";
import { reshape } from "./compose.ts";
import { defineKernels, type Kernel, type KernelContext } from "./kernel.ts";
import { windowMaxima } from "./maxima.ts";
import { reduceStored } from "./reduction.ts";
import type { Made } from "./value.ts";
import { asVolume, ofVolume } from "./volume.ts";

/**
 * Pooling, channels last inside. Pads are made beforehand: of the lowest number for maxima, of zero for means, whose
 * share of real numbers is then counted. Windows of volumes are pooled by planes and then by depth; dilated ones are
 * taken apart into the entries that they read.
 */
export const poolingKernels = defineKernels({
  MaxPool(context) {
    if (context.isRead(1)) context.refuse("MaxPool with Indices");
    return pooled(context, (volume, axes) => maxima(context.tf, volume, axes));
  },

  AveragePool: (context) =>
    pooled(context, (volume, axes) => {
      const counts = intAttribute(context.node, "count_include_pad", 0) === 1;
      return means(context.tf, volume, axes, counts);
    }),

  LpPool: (context) =>
    pooled(context, (volume, axes) => {
      const { tf, node } = context;
      const p = intAttribute(node, "p", 2);
      const size = axes.reduce((product, { kernel }) => product * kernel, 1);
      const sums = tf.mul(meansOfAll(tf, powered(tf, volume, p), axes), size);
      return rooted(tf, sums, p);
    }),

  GlobalAveragePool: global((tf, x, axes) => tf.mean(x, [...axes], true)),
  GlobalMaxPool: global((tf, x, axes) => reduceStored(tf, "max", x, axes)),
  GlobalLpPool: global((tf, x, axes, { node }) => {
    const p = intAttribute(node, "p", 2);
    return rooted(tf, tf.sum(powered(tf, x, p), [...axes], true), p);
  }),
});

type Tf = KernelContext["tf"];
type Axes = readonly WindowAxis[];

function global(
  reduce: (tf: Tf, x: Tensor, axes: readonly number[], context: KernelContext) => Tensor,
): Kernel {
  return (context) => {
    const { tensor, order } = context.value(0).stored;
    const axes = order.flatMap((dim, place) => (dim > 1 ? [place] : []));
    return { tensor: reduce(context.tf, tensor, axes, context), order };
  };
}

function pooled(context: KernelContext, pool: (volume: Tensor, axes: Axes) => Tensor): Made {
  const { tf, node, value } = context;
  const stated = windowAxes(context);
  if (stated.length > 3) context.refuse(`${node.op} of more than three dimensions`);
  const missing = Array.from({ length: 3 - stated.length }, () => single);
  return ofVolume(tf, pool(asVolume(tf, value(0)), [...missing, ...stated]), stated.length);
}

const single: WindowAxis = {
  size: 1,
  kernel: 1,
  stride: 1,
  dilation: 1,
  padBegin: 0,
  padEnd: 0,
  out: 1,
};

/** The axes with `ceil_mode` resolved: no window starts beyond the picture and its first pad. */
function windowAxes({ node, value }: KernelContext): WindowAxis[] {
  const isCeil = intAttribute(node, "ceil_mode", 0) === 1;
  return convolutionAxes(node, value(0).dims, intsAttribute(node, "kernel_shape")).map((axis) => {
    const { size, kernel, stride, dilation, padBegin, padEnd } = axis;
    if (!isCeil) return axis;
    const room = size + padBegin + padEnd - dilation * (kernel - 1) - 1;
    const most = Math.ceil(room / stride) + 1;
    const out = (most - 1) * stride >= size + padBegin ? most - 1 : most;
    return { ...axis, out };
  });
}

/** Where the last window ends, counted from the first number: pads, or a picture cut short. */
function endOf({ size, kernel, stride, dilation, padBegin, out }: WindowAxis): number {
  return (out - 1) * stride + dilation * (kernel - 1) + 1 - padBegin - size;
}

const lowest = -3.4028234663852886e38;

function maxima(tf: Tf, volume: Tensor, axes: Axes): Tensor {
  const [depth = single, rows = single, columns = single] = axes;
  const planes = byPlanes(tf, volume, (plane) => {
    const padded = paddedPlane(tf, plane, [rows, columns], lowest);
    return windowMaxima(tf, padded, [rows, columns]);
  });
  if (depth.kernel === 1 && depth.stride === 1) return planes;
  const deep = padAlong(tf, planes, 1, depth.padBegin, endOf(depth), lowest);
  return overWindow(tf, deep, 1, depth, (a, b) => tf.maximum(a, b));
}

/** Means over the numbers that a window meets; with `countsPads`, over those and the stated pads. */
function means(tf: Tf, volume: Tensor, axes: Axes, countsPads: boolean): Tensor {
  const all = meansOfAll(tf, volume, axes);
  const shares = axes.map((axis) => sharesOf(axis, countsPads));
  if (shares.every((share) => share.every((one) => one === 1))) return all;
  return shares.reduce((values, share, i) => {
    const dims = [1, 1, 1, 1, 1];
    dims[i + 1] = share.length;
    return tf.mul(values, tf.tensor(share, dims));
  }, all);
}

/** By how much the mean over a whole window falls short of the mean over what is counted, by position. */
function sharesOf(
  { size, kernel, stride, dilation, padBegin, padEnd, out }: WindowAxis,
  countsPads: boolean,
): number[] {
  const [first, end] = countsPads ? [-padBegin, size + padEnd] : [0, size];
  return Array.from({ length: out }, (_, i) => {
    let counted = 0;
    for (let k = 0; k < kernel; k++) {
      const at = i * stride - padBegin + k * dilation;
      if (at >= first && at < end) counted++;
    }
    return kernel / counted;
  });
}

/** Means over whole windows, zeros where they leave the picture. */
function meansOfAll(tf: Tf, volume: Tensor, axes: Axes): Tensor {
  const [depth = single, rows = single, columns = single] = axes;
  const mean = (x: Tensor, axis: number, window: WindowAxis) =>
    tf.div(
      overWindow(tf, x, axis, window, (a, b) => tf.add(a, b)),
      window.kernel,
    );
  const planes = byPlanes(tf, volume, (plane) => {
    const padded = paddedPlane(tf, plane, [rows, columns], 0);
    if (rows.dilation > 1 || columns.dilation > 1) return mean(mean(padded, 1, rows), 2, columns);
    const [kernel, strides] = [both(rows, columns, "kernel"), both(rows, columns, "stride")];
    return tf.avgPool(padded as Tensor4D, kernel, strides, "valid"); // planes with batch and channels
  });
  if (depth.kernel === 1 && depth.stride === 1) return planes;
  return mean(padAlong(tf, planes, 1, depth.padBegin, endOf(depth), 0), 1, depth);
}

/** The entries that the windows along one axis read, combined; the axis is padded already. */
function overWindow(
  tf: Tf,
  x: Tensor,
  axis: number,
  { kernel, stride, dilation, out }: WindowAxis,
  combine: (a: Tensor, b: Tensor) => Tensor,
): Tensor {
  return Array.from({ length: kernel }, (_, k) =>
    pickAlong(tf, x, axis, { start: k * dilation, step: stride, count: out }),
  ).reduce(combine);
}

function paddedPlane(
  tf: Tf,
  plane: Tensor,
  [rows, columns]: [WindowAxis, WindowAxis],
  filling: number,
): Tensor {
  const tall = padAlong(tf, plane, 1, rows.padBegin, endOf(rows), filling);
  return padAlong(tf, tall, 2, columns.padBegin, endOf(columns), filling);
}

function byPlanes(tf: Tf, volume: Tensor, make: (planes: Tensor) => Tensor): Tensor {
  const [n = 1, d = 1, ...plane] = volume.shape;
  const made = make(reshape(tf, volume, [n * d, ...plane]));
  return reshape(tf, made, [n, d, ...made.shape.slice(1)]);
}

function both(rows: WindowAxis, columns: WindowAxis, name: "kernel" | "stride"): [number, number] {
  return [rows[name], columns[name]];
}

function powered(tf: Tf, x: Tensor, p: number): Tensor {
  const size = tf.abs(x);
  return p === 1 ? size : p === 2 ? tf.square(x) : tf.pow(size, p);
}

function rooted(tf: Tf, x: Tensor, p: number): Tensor {
  return p === 1 ? x : p === 2 ? tf.sqrt(x) : tf.pow(x, 1 / p);
}
