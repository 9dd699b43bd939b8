import type { Tensor } from "@tensorflow/tfjs-core";
import {
  floatAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from "../../onnx/attributes.ts";
import type { Node } from "../../onnx/graph.ts";
import { reshape } from "./compose.ts";
import { defineKernels, type KernelContext } from "./kernel.ts";
import { identity, wrapAxis } from "./value.ts";

/**
 * Resize is linear and acts axis by axis: `y = x · R` along each. TensorFlow's own resizing knows two of the modes and
 * other rounding, so R is written down here from ONNX's definition; its gradient is that of a matrix product.
 */
export const resizeKernels = defineKernels({
  Resize({ tf, node, inputs, value, tensor, refuse }) {
    const { dims, rank } = value(0);
    const mode = stringAttribute(node, "coordinate_transformation_mode", "half_pixel");
    if (mode === "tf_crop_and_resize") refuse("Resize that crops");
    if (stringAttribute(node, "keep_aspect_ratio_policy", "stretch") !== "stretch")
      refuse("Resize that keeps the aspect ratio");
    const axes = (intsAttribute(node, "axes") ?? identity(rank)).map((a) => wrapAxis(a, rank));
    const scales = inputs[2] ? Array.from(inputs[2].numbers) : [];
    const sizes = inputs[3] ? Array.from(inputs[3].numbers) : [];
    return axes.reduce((x, axis, i) => {
      const from = dims[axis] ?? 1;
      const stated = scales.length > 0 ? scales[i] : undefined;
      const to = stated === undefined ? (sizes[i] ?? from) : Math.floor(from * stated);
      const scale = stated ?? to / from;
      if (scale === 1 && from === to) return x;
      return alongAxis(tf, x, axis, resizeMatrix({ node, from, to, scale }), to);
    }, tensor(0));
  },
});

/** `x · R` along one axis, R `[from, to]` row-major. */
function alongAxis(
  tf: KernelContext["tf"],
  x: Tensor,
  axis: number,
  matrix: Float32Array,
  to: number,
): Tensor {
  const from = x.shape[axis] ?? 1;
  const last = [...identity(x.rank).filter((i) => i !== axis), axis];
  const rows = reshape(tf, tf.transpose(x, last), [x.size / from, from]);
  const product = tf.matMul(rows, tf.tensor(matrix, [from, to]));
  const dims = last.map((i) => (i === axis ? to : (x.shape[i] ?? 1)));
  return tf.transpose(
    reshape(tf, product, dims),
    identity(x.rank).map((i) => last.indexOf(i)),
  );
}

interface Line {
  readonly node: Node;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** What every result of a line takes from every entry, `[from, to]`. */
export function resizeMatrix(line: Line): Float32Array {
  const { node, from, to } = line;
  const matrix = new Float32Array(from * to);
  const mode = stringAttribute(node, "mode", "nearest");
  for (let at = 0; at < to; at++) {
    const place = sourcePlace(line, at);
    const weights = mode === "nearest" ? nearest(node, place) : weighted(line, mode, place);
    for (const [source, weight] of weights) {
      const held = Math.max(0, Math.min(from - 1, source));
      matrix[held * to + at] = (matrix[held * to + at] ?? 0) + weight;
    }
  }
  return matrix;
}

/** Where a result lies among the entries, by ONNX's names. */
function sourcePlace({ node, from, to, scale }: Line, at: number): number {
  switch (stringAttribute(node, "coordinate_transformation_mode", "half_pixel")) {
    case "asymmetric":
      return at / scale;
    case "align_corners":
      return to === 1 ? 0 : (at * (from - 1)) / (to - 1);
    case "pytorch_half_pixel":
      return to === 1 ? 0 : (at + 0.5) / scale - 0.5;
    case "half_pixel_symmetric": {
      const share = to / (scale * from);
      return (from / 2) * (1 - share) + (at + 0.5) / scale - 0.5;
    }
    default:
      return (at + 0.5) / scale - 0.5;
  }
}

type Weights = readonly (readonly [source: number, weight: number])[];

function nearest(node: Node, place: number): Weights {
  const rounded = {
    round_prefer_floor: Math.ceil(place - 0.5),
    round_prefer_ceil: Math.floor(place + 0.5),
    floor: Math.floor(place),
    ceil: Math.ceil(place),
  }[stringAttribute(node, "nearest_mode", "round_prefer_floor")];
  return [[rounded ?? Math.ceil(place - 0.5), 1]];
}

/** Linear and cubic weights; shrinking with `antialias` widens the filter by as much as it shrinks. */
function weighted({ node, from, scale }: Line, mode: string, place: number): Weights {
  const isSmoothed = intAttribute(node, "antialias", 0) === 1 && scale < 1;
  const width = isSmoothed ? 1 / scale : 1;
  const a = floatAttribute(node, "cubic_coeff_a", -0.75);
  const filter = (distance: number) =>
    mode === "linear" ? triangle(distance) : cubic(distance, a);
  const reach = (mode === "linear" ? 1 : 2) * width;
  const all: [number, number][] = [];
  for (let at = Math.ceil(place - reach); at <= Math.floor(place + reach); at++)
    all.push([at, filter((at - place) / width)]);
  const leavesOut = intAttribute(node, "exclude_outside", 0) === 1;
  const kept = leavesOut ? all.filter(([at]) => at >= 0 && at < from) : all;
  const total = kept.reduce((sum, [, weight]) => sum + weight, 0);
  return kept.map(([at, weight]) => [at, weight / total]);
}

function triangle(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

/** Keys' cubic convolution. */
function cubic(distance: number, a: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}
