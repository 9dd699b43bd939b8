import { intAttribute, stringAttribute } from "../onnx/attributes.ts";
import { fixed, range, sliced, wrapAxis } from "./extents.ts";
import { alongAxis } from "./resize.ts";
import { defineRules, type RuleContext } from "./rule.ts";

/**
 * Operators that cut tensors apart, put them together or frame them: each one's gradient is another's forward.
 *
 *   Concat ↔ Split; Slice ↔ Pad, with zeros between the elements for a step
 *   Pad   constant: cropped; reflect, edge, wrap: dY · Rᵀ with R = the same Pad run on an identity, axis by axis
 */
export const partitionRules = defineRules({
  Concat({ node, inputs, gradient, wanted, emit, emitAll, extents, ints, refuse }) {
    const rank = extents(gradient).length;
    const axis = wrapAxis(intAttribute(node, "axis", 0), rank);
    if (extents(gradient)[axis]?.batch) refuse("it joins images of a batch");
    const sizes = inputs.map((input) => extents(input)[axis]?.size ?? 0);
    if (wanted.filter(Boolean).length > 1)
      return emitAll("Split", [gradient, ints(sizes)], sizes.length, { axis });
    return inputs.map((_, i) => {
      if (!wanted[i]) return null;
      const from = sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
      const to = from + (sizes[i] ?? 0);
      return emit("Slice", [gradient, ints([from]), ints([to]), ints([axis])]);
    });
  },

  Split({ node, inputs: [x = ""], outputs, gradients, emit, extents, zeros, pad, refuse }) {
    const own = extents(x);
    const axis = wrapAxis(intAttribute(node, "axis", 0), own.length);
    if (own[axis]?.batch) refuse("it parts the images of a batch");
    const sizes = outputs.map((output) => extents(output)[axis]?.size ?? 0);
    const [only, ...more] = gradients.flatMap((gradient, i) => (gradient ? [i] : []));
    if (only !== undefined && more.length === 0) {
      const from = sizes.slice(0, only).reduce((sum, size) => sum + size, 0);
      const rest = (own[axis]?.size ?? 0) - from - (sizes[only] ?? 0);
      const at = (count: number) => own.map((_, i) => (i === axis ? count : 0));
      return [pad(gradients[only] ?? "", at(from), at(rest))];
    }
    const parts = gradients.map(
      (gradient, part) =>
        gradient ?? zeros(own.map((extent, i) => (i === axis ? fixed(sizes[part] ?? 0) : extent))),
    );
    return [emit("Concat", parts, { axis })];
  },

  Slice(context) {
    const {
      inputs: [x = ""],
      extents,
      pad,
      integers,
      integersOrNone,
      refuse,
    } = context;
    const own = extents(x);
    const [starts, ends] = [integers(1), integers(2)];
    const axes = integersOrNone(3) ?? range(starts.length);
    const steps = integersOrNone(4) ?? starts.map(() => 1);
    const [begins, rests] = [own.map(() => 0), own.map(() => 0)];
    let { gradient } = context;
    axes.forEach((stated, i) => {
      const axis = wrapAxis(stated, own.length);
      const step = steps[i] ?? 1;
      const size = own[axis]?.size ?? 1;
      const { from, count } = sliced(size, starts[i] ?? 0, ends[i] ?? size, step);
      if (own[axis]?.batch) {
        if (count !== size || step !== 1) refuse("it selects images of a batch");
        return;
      }
      const first = step > 0 ? from : from + (count - 1) * step;
      const stride = Math.abs(step);
      if (step < 0) gradient = reversed(context, gradient, axis);
      if (stride > 1) gradient = spread(context, gradient, axis, stride);
      begins[axis] = first;
      rests[axis] = size - first - count * stride; // zeros after the last element may be cropped
    });
    return [pad(gradient, begins, rests)];
  },

  Pad(context) {
    const {
      node,
      inputs: [x = ""],
      gradient,
      extents,
      pad,
      integers,
      integersOrNone,
    } = context;
    const own = extents(x);
    const pads = integers(1);
    const axes = integersOrNone(3) ?? range(own.length);
    const [begins, ends] = [own.map(() => 0), own.map(() => 0)];
    axes.forEach((stated, i) => {
      const axis = wrapAxis(stated, own.length);
      begins[axis] = pads[i] ?? 0;
      ends[axis] = pads[i + axes.length] ?? 0;
    });
    const mode = stringAttribute(node, "mode", "constant");
    const negated = (counts: readonly number[]) => counts.map((count) => -count || 0);
    if (mode === "constant") return [pad(gradient, negated(begins), negated(ends))];
    return [
      range(own.length).reduce((value, axis) => {
        const [begin = 0, end = 0, size = 1] = [begins[axis], ends[axis], own[axis]?.size];
        return begin || end
          ? alongAxis(context, value, padMatrix(context, size, begin, end, mode), axis)
          : value;
      }, gradient),
    ];
  },
});

/** `[in, out]`: row i says where element i of one axis went. */
function padMatrix(
  { emit, floats, ints }: RuleContext,
  size: number,
  begin: number,
  end: number,
  mode: string,
): string {
  const identity = floats(
    range(size * size).map((i) => (i % (size + 1) === 0 ? 1 : 0)),
    [size, size],
  );
  return emit("Pad", [identity, ints([0, begin, 0, end])], { mode });
}

function reversed({ emit, extents, ints }: RuleContext, value: string, axis: number): string {
  const size = extents(value)[axis]?.size ?? 1;
  return emit("Slice", [value, ints([-1]), ints([-size - 1]), ints([axis]), ints([-1])]);
}

/** Puts `stride − 1` zeros after each element of an axis. */
function spread(
  { extents, reshape, pad }: RuleContext,
  value: string,
  axis: number,
  stride: number,
): string {
  const own = extents(value);
  const split = own.flatMap((extent, i) => (i === axis ? [extent, fixed(1)] : [extent]));
  const begins = split.map(() => 0);
  const ends = split.map((_, i) => (i === axis + 1 ? stride - 1 : 0));
  const padded = pad(reshape(value, split), begins, ends);
  const merged = own.map((e, i) => (i === axis ? fixed(e.size * stride) : e));
  return reshape(padded, merged);
}
