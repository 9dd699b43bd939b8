import { intAttribute, intsAttribute, stringAttribute } from "../../onnx/attributes.ts";
import { cutAlong, joinAlong, padAlong, pickAlong } from "./along.ts";
import { gatherAlong } from "./compose.ts";
import { defineKernels, type KernelContext } from "./kernel.ts";
import { identity, wrapAxis, type Value } from "./value.ts";

/** Cutting and joining along axes, wherever those lie. */
export const partitionKernels = defineKernels({
  Concat({ tf, node, inputs, value }) {
    const parts = inputs.filter((part) => part !== undefined);
    const largest = parts.reduce((a, b) => (countOf(b) > countOf(a) ? b : a), value(0));
    const { order } = largest.stored;
    const axis = wrapAxis(intAttribute(node, "axis", 0), largest.rank);
    const tensors = parts.map((part) => part.inOrder(order));
    return { tensor: joinAlong(tf, tensors, order.indexOf(axis)), order, type: largest.type };
  },

  Split({ tf, node, inputs, value }) {
    const { tensor, order } = value(0).stored;
    const axis = wrapAxis(intAttribute(node, "axis", 0), order.length);
    const size = value(0).dims[axis] ?? 1;
    const stated = inputs[1] ? Array.from(inputs[1].numbers) : intsAttribute(node, "split");
    const sizes = stated ?? evenParts(size, intAttribute(node, "num_outputs", node.outputs.length));
    const parts = cutAlong(tf, tensor, order.indexOf(axis), sizes);
    return parts.map((part) => ({ tensor: part, order, type: value(0).type }));
  },

  Slice({ tf, inputs, value }) {
    const { tensor, order } = value(0).stored;
    const { dims, rank, type } = value(0);
    const [starts, ends] = [Array.from(value(1).numbers), Array.from(value(2).numbers)];
    const axes = inputs[3] ? Array.from(inputs[3].numbers) : identity(starts.length);
    const steps = inputs[4] ? Array.from(inputs[4].numbers) : starts.map(() => 1);
    const cut = axes.reduce((x, stated, i) => {
      const axis = wrapAxis(stated, rank);
      const [size, step] = [dims[axis] ?? 1, steps[i] ?? 1];
      const place = order.indexOf(axis);
      const { start, count } = rangeOf(starts[i] ?? 0, ends[i] ?? size, step, size);
      if (step > 0) return pickAlong(tf, x, place, { start, step, count });
      const turned = tf.reverse(x, place);
      return pickAlong(tf, turned, place, { start: size - 1 - start, step: -step, count });
    }, tensor);
    return { tensor: cut, order, type };
  },

  Pad(context) {
    const { tf, node, inputs, value, refuse } = context;
    const { tensor, order } = value(0).stored;
    const { rank, type } = value(0);
    const pads = Array.from(value(1).numbers);
    const axes = (inputs[3] ? Array.from(inputs[3].numbers) : identity(rank)).map((axis) =>
      wrapAxis(axis, rank),
    );
    const mode = stringAttribute(node, "mode", "constant");
    const filling = inputs[2]?.numbers[0] ?? 0;
    const widened = axes.reduce((x, axis, i) => {
      const [begin, end] = [pads[i] ?? 0, pads[i + axes.length] ?? 0];
      const place = order.indexOf(axis);
      if (begin === 0 && end === 0) return x;
      if (mode === "constant") return padAlong(tf, x, place, begin, end, filling);
      const size = x.shape[place] ?? 1;
      const read = Array.from({ length: begin + size + end }, (_, at) =>
        sourceOf(at - begin, size, mode, refuse),
      );
      return gatherAlong(tf, x, tf.tensor1d(read, "int32"), place);
    }, tensor);
    return { tensor: widened, order, type };
  },
});

function countOf({ dims }: Value): number {
  return dims.reduce((a, b) => a * b, 1);
}

function evenParts(size: number, parts: number): number[] {
  const each = Math.ceil(size / parts);
  return identity(parts).map((i) => (i < parts - 1 ? each : size - each * (parts - 1)));
}

/** First entry and number of entries, bounds counted from the end and clamped as ONNX has it. */
export function rangeOf(
  start: number,
  end: number,
  step: number,
  size: number,
): { readonly start: number; readonly count: number } {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (at: number, least: number) =>
    Math.max(least, Math.min(high, at < 0 ? at + size : at));
  const [from, to] = [clamp(start, step > 0 ? low : 0), clamp(end, low)];
  return { start: from, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/** Which entry stands at a position outside of the axis. */
function sourceOf(at: number, size: number, mode: string, refuse: KernelContext["refuse"]): number {
  if (mode === "edge") return Math.max(0, Math.min(size - 1, at));
  if (mode === "wrap") return ((at % size) + size) % size;
  if (mode !== "reflect") return refuse(`Pad of the mode ${mode}`);
  const round = 2 * (size - 1);
  const within = round === 0 ? 0 : ((at % round) + round) % round;
  return within < size ? within : round - within;
}
