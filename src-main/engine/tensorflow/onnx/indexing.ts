import type { Tensor } from "@tensorflow/tfjs-core";
import { intAttribute, stringAttribute } from "../../onnx/attributes.ts";
import { countOf } from "../../onnx/constant.ts";
import { pickAlong } from "./along.ts";
import { addAt, chosen, detached, gatherAlong, reshape } from "./compose.ts";
import { defineKernels, type KernelContext, type Result } from "./kernel.ts";
import { identity, wrapAxis, type Value } from "./value.ts";

/**
 * Reading and writing by index: everything is rows of one long axis, read by `gather` and added by `scatterND`, which
 * are each other's gradient.
 */
export const indexingKernels = defineKernels({
  Gather({ tf, node, value, tensor }) {
    const [data, indices] = [value(0), value(1)];
    const axis = wrapAxis(intAttribute(node, "axis", 0), data.rank);
    const size = data.dims[axis] ?? 1;
    const { type } = data;
    const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
    const [only] =
      countOf(indices.dims) === 1 && indices.isOnHost ? Array.from(indices.numbers) : [];
    const read =
      only === undefined
        ? gatherAlong(tf, tensor(0), flatIndices(tf, indices, size), axis)
        : pickAlong(tf, tensor(0), axis, { start: wrapAxis(only, size), count: 1 });
    return { tensor: reshape(tf, read, dims), type };
  },

  GatherElements({ tf, node, value, tensor }) {
    const [data, indices] = [value(0), value(1)];
    const axis = wrapAxis(intAttribute(node, "axis", 0), data.rank);
    const read = readElements(tf, tensor(0), elementPlaces(tf, data.dims, indices, axis));
    return { tensor: reshape(tf, read, indices.dims), type: data.type };
  },

  GatherND({ tf, node, value, tensor, refuse }) {
    if (intAttribute(node, "batch_dims", 0)) refuse("GatherND with batch_dims");
    const [data, indices] = [value(0), value(1)];
    const { places, rows, width, lead, rest } = rowPlaces(tf, data.dims, indices);
    const read = gatherAlong(tf, reshape(tf, tensor(0), [rows, width]), places, 0);
    return { tensor: reshape(tf, read, [...lead, ...rest]), type: data.type };
  },

  ScatterElements(context) {
    const { node, tf, value, tensor } = context;
    const [data, indices] = [value(0), value(1)];
    const axis = wrapAxis(intAttribute(node, "axis", 0), data.rank);
    const places = elementPlaces(tf, data.dims, indices, axis);
    const count = countOf(data.dims);
    const updates = reshape(tf, tensor(2), [countOf(indices.dims), 1]);
    return written(context, reshape(tf, tensor(0), [count, 1]), places, updates);
  },

  ScatterND(context) {
    const { tf, value, tensor } = context;
    const { places, rows, width } = rowPlaces(tf, value(0).dims, value(1));
    const updates = reshape(tf, tensor(2), [places.size, width]);
    return written(context, reshape(tf, tensor(0), [rows, width]), places, updates);
  },

  // The indices come from TensorFlow's own search; the values are read by them, which has a gradient.
  TopK({ tf, node, value }) {
    const given = value(0);
    const axis = wrapAxis(intAttribute(node, "axis", -1), given.rank);
    const k = value(1).numbers[0] ?? 1;
    const order = [...identity(given.rank).filter((dim) => dim !== axis), axis];
    const x = given.inOrder(order);
    const isLargest = intAttribute(node, "largest", 1) === 1;
    const found = detached(tf, () => tf.topk(isLargest ? x : tf.neg(x), k, true).indices);
    const size = x.shape.at(-1) ?? 1;
    const starts = tf.mul(tf.range(0, x.size / size, 1, "int32"), tf.scalar(size, "int32"));
    const places = tf.add(
      reshape(tf, found, [x.size / size, k]),
      reshape(tf, starts, [x.size / size, 1]),
    );
    const read = readElements(tf, x, reshape(tf, places, [places.size]));
    return [
      { tensor: reshape(tf, read, found.shape), order, type: given.type },
      { tensor: found, order, type: "i64" },
    ];
  },
});

type Tf = KernelContext["tf"];

/** Indices `[M]` counted from the start. */
function flatIndices(tf: Tf, indices: Value, size: number): Tensor {
  const count = countOf(indices.dims);
  if (indices.isOnHost)
    return tf.tensor1d(
      Array.from(indices.numbers, (at) => wrapAxis(at, size)),
      "int32",
    );
  const flat = reshape(tf, indices.plain, [count]);
  return tf.add(flat, tf.mul(tf.cast(tf.less(flat, 0), "int32"), tf.scalar(size, "int32")));
}

/** Where in the flat data each index along an axis points. */
function elementPlaces(tf: Tf, dims: readonly number[], indices: Value, axis: number): Tensor {
  const steps = stepsOf(dims);
  const own = stepsOf(indices.dims);
  const others = Int32Array.from({ length: countOf(indices.dims) }, (_, at) =>
    indices.dims.reduce((sum, size, i) => {
      const coordinate = Math.floor(at / (own[i] ?? 1)) % size;
      return i === axis ? sum : sum + coordinate * (steps[i] ?? 1);
    }, 0),
  );
  const along = flatIndices(tf, indices, dims[axis] ?? 1);
  return tf.add(tf.tensor1d(others, "int32"), tf.mul(along, tf.scalar(steps[axis] ?? 1, "int32")));
}

/** Where in the data, as rows of what its indices leave whole, each index tuple points. */
function rowPlaces(tf: Tf, dims: readonly number[], indices: Value) {
  const lead = indices.dims.slice(0, -1);
  const depth = indices.dims.at(-1) ?? 1;
  const [own, rest] = [dims.slice(0, depth), dims.slice(depth)];
  const steps = stepsOf(own);
  const numbers = Array.from(indices.numbers);
  const read = Array.from({ length: countOf(lead) }, (_, row) =>
    own.reduce((sum, size, i) => {
      const at = wrapAxis(numbers[row * depth + i] ?? 0, size);
      return sum + at * (steps[i] ?? 1);
    }, 0),
  );
  const places = tf.tensor1d(read, "int32");
  return { places, rows: countOf(own), width: countOf(rest), lead, rest };
}

function stepsOf(dims: readonly number[]): number[] {
  return dims.map((_, i) => countOf(dims.slice(i + 1)));
}

function readElements(tf: Tf, data: Tensor, places: Tensor): Tensor {
  return gatherAlong(tf, reshape(tf, data, [data.size, 1]), places, 0);
}

/** Rows written into data, or added to it. */
function written(
  { tf, node, value, refuse }: KernelContext,
  data: Tensor,
  places: Tensor,
  updates: Tensor,
): Result {
  const reduction = stringAttribute(node, "reduction", "none");
  if (reduction !== "none" && reduction !== "add")
    refuse(`${node.op} that combines by ${reduction}`);
  const [rows = 1] = data.shape;
  const spread = addAt(tf, updates, places, rows);
  const { dims, type } = value(0);
  if (reduction === "add") return { tensor: reshape(tf, tf.add(data, spread), dims), type };
  const isWritten = detached(tf, () =>
    tf.greater(addAt(tf, tf.ones([places.size, 1]), places, rows), 0),
  );
  return { tensor: reshape(tf, chosen(tf, isWritten, spread, data), dims), type };
}
