import type { Tensor } from "@tensorflow/tfjs-core";
import {
  intAttribute,
  intsAttribute,
  stringAttribute,
  tensorAttribute,
} from "../../onnx/attributes.ts";
import { countOf, numbersOf } from "../../onnx/constant.ts";
import { elementTypes } from "../../onnx/element-codes.ts";
import { broadcastDims, chosen, detached, expand, reshape, withGradient } from "./compose.ts";
import { defineKernels, type KernelContext } from "./kernel.ts";
import { identity, isOfFloats, wrapAxis, type Made } from "./value.ts";

/**
 * Operators that only arrange. A transpose moves nothing: it is remembered as the order in which the dims lie, and made
 * when a reader wants them otherwise.
 */
export const layoutKernels = defineKernels({
  Identity: unchanged,
  Dropout(context) {
    if (context.isRead(1)) context.refuse("Dropout with its mask");
    return unchanged(context);
  },

  Cast(context) {
    const { tf, node, value } = context;
    const type = elementTypes[intAttribute(node, "to", 1)] ?? "f32";
    const { tensor, order } = value(0).stored;
    if (type === "bool")
      return { tensor: detached(tf, () => tf.notEqual(tensor, tf.zerosLike(tensor))), order, type };
    if (!isOfFloats(type))
      return { tensor: detached(tf, () => tf.cast(tensor, "int32")), order, type };
    return { tensor: tf.cast(tensor, "float32"), order, type };
  },

  Reshape(context) {
    const { tf, node, value, tensor } = context;
    const { dims } = value(0);
    const stated = Array.from(value(1).numbers);
    const isLiteral = intAttribute(node, "allowzero", 0) === 1;
    const wanted = stated.map((dim, i) => (dim === 0 && !isLiteral ? (dims[i] ?? 1) : dim));
    const known = countOf(wanted.filter((dim) => dim !== -1));
    const rest = known === 0 ? 0 : countOf(dims) / known;
    return shaped(
      context,
      reshape(
        tf,
        tensor(0),
        wanted.map((dim) => (dim === -1 ? rest : dim)),
      ),
    );
  },

  Flatten(context) {
    const { tf, node, value, tensor } = context;
    const { dims, rank } = value(0);
    const axis = intAttribute(node, "axis", 1);
    const at = axis < 0 ? axis + rank : axis;
    const flat = [countOf(dims.slice(0, at)), countOf(dims.slice(at))];
    return shaped(context, reshape(tf, tensor(0), flat));
  },

  Squeeze(context) {
    const { tf, value, tensor } = context;
    const { dims, rank } = value(0);
    const stated = statedAxes(context, 1)?.map((axis) => wrapAxis(axis, rank));
    const left = dims.filter((dim, i) => !(stated ? stated.includes(i) : dim === 1));
    return shaped(context, reshape(tf, tensor(0), left));
  },

  Unsqueeze(context) {
    const { tf, value, tensor } = context;
    const axes = statedAxes(context, 1) ?? [];
    const rank = value(0).rank + axes.length;
    const added = new Set(axes.map((axis) => wrapAxis(axis, rank)));
    const own = [...value(0).dims];
    const dims = identity(rank).map((i) => (added.has(i) ? 1 : (own.shift() ?? 1)));
    return shaped(context, reshape(tf, tensor(0), dims));
  },

  Expand(context) {
    const { tf, value, tensor } = context;
    const dims = broadcastDims(value(0).dims, Array.from(value(1).numbers));
    return shaped(context, expand(tf, tensor(0), dims));
  },

  Tile(context) {
    const { tf, value, tensor } = context;
    const repeats = Array.from(value(1).numbers);
    const tiled = repeats.reduce((x, times, axis) => {
      if (times === 1) return x;
      const [outer, inner] = [countOf(x.shape.slice(0, axis)), countOf(x.shape.slice(axis))];
      const many = expand(tf, reshape(tf, x, [outer, 1, inner]), [outer, times, inner]);
      const dims = x.shape.map((dim, i) => (i === axis ? dim * times : dim));
      return reshape(tf, many, dims);
    }, tensor(0));
    return shaped(context, tiled);
  },

  Transpose({ node, value }) {
    const { rank, type } = value(0);
    const perm = intsAttribute(node, "perm") ?? identity(rank).toReversed();
    const { tensor, order } = value(0).stored;
    return { tensor, order: order.map((dim) => perm.indexOf(dim)), type };
  },

  DepthToSpace({ tf, node, value, tensor }) {
    const [n = 1, c = 1, h = 1, w = 1] = value(0).dims;
    const b = intAttribute(node, "blocksize", 1);
    const depth = c / (b * b);
    const byRows = stringAttribute(node, "mode", "DCR") === "DCR";
    const apart = reshape(tf, tensor(0), byRows ? [n, b, b, depth, h, w] : [n, depth, b, b, h, w]);
    const turned = tf.transpose(apart, byRows ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]);
    return reshape(tf, turned, [n, depth, h * b, w * b]);
  },

  SpaceToDepth({ tf, node, value, tensor }) {
    const [n = 1, c = 1, h = 1, w = 1] = value(0).dims;
    const b = intAttribute(node, "blocksize", 1);
    const apart = reshape(tf, tensor(0), [n, c, h / b, b, w / b, b]);
    const turned = tf.transpose(apart, [0, 3, 5, 1, 2, 4]);
    return reshape(tf, turned, [n, c * b * b, h / b, w / b]);
  },

  CumSum({ tf, node, value, tensor }) {
    const axis = wrapAxis(value(1).numbers[0] ?? 0, value(0).rank);
    const [isExclusive, isReversed] = ["exclusive", "reverse"].map(
      (name) => intAttribute(node, name, 0) === 1,
    );
    const x = tensor(0);
    // TensorFlow's own gradient forgets to turn an axis back that is not the last.
    return withGradient(
      tf,
      x,
      [],
      () => tf.cumsum(x, axis, isExclusive, isReversed),
      (dy) => tf.cumsum(dy, axis, isExclusive, !isReversed),
    );
  },

  Trilu({ tf, node, value, tensor, inputs }) {
    const [rows = 1, columns = 1] = value(0).dims.slice(-2);
    const shift = inputs[1]?.numbers[0] ?? 0;
    const isUpper = intAttribute(node, "upper", 1) === 1;
    const kept = Uint8Array.from({ length: rows * columns }, (_, i) => {
      const above = (i % columns) - Math.floor(i / columns) - shift;
      return Number(isUpper ? above >= 0 : above <= 0);
    });
    const x = tensor(0);
    return chosen(tf, tf.tensor(kept, [rows, columns], "bool"), x, tf.zerosLike(x));
  },

  Shape({ node, value }) {
    const { dims, rank } = value(0);
    const [start, end] = [intAttribute(node, "start", 0), intAttribute(node, "end", rank)];
    const numbers = dims.slice(start, end);
    return { type: "i64", dims: [numbers.length], numbers };
  },

  // Small ones are shapes and stay on the host.
  ConstantOfShape({ tf, node, value, refuse }) {
    const filling = tensorAttribute(node, "value");
    const type = filling?.type ?? "f32";
    if (!isOfFloats(type)) refuse(`ConstantOfShape of ${type}`);
    const [number = 0] = filling ? numbersOf(filling) : [0];
    return { tensor: tf.fill(Array.from(value(0).numbers), number), type };
  },

  Size: ({ value }) => ({ type: "i64", dims: [], numbers: [countOf(value(0).dims)] }),
});

function unchanged({ value }: KernelContext): Made {
  const { tensor, order } = value(0).stored;
  return { tensor, order, type: value(0).type };
}

/** Arranging keeps the type that the tensor alone does not tell. */
function shaped({ value }: KernelContext, tensor: Tensor): Made {
  return { tensor, type: value(0).type };
}

/** Axes as an input, or as the attribute of older models. */
function statedAxes({ node, inputs }: KernelContext, index: number): readonly number[] | undefined {
  const given = inputs[index];
  return given ? Array.from(given.numbers) : intsAttribute(node, "axes");
}
