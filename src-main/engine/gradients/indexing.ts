import { intAttribute, stringAttribute } from "../onnx/attributes.ts";
import { fixed, range, wrapAxis } from "./extents.ts";
import { defineRules, type RuleContext } from "./rule.ts";

/**
 * Reading and writing by index. Indices are constants of the derivative; what was read twice gets the sum.
 *
 *   Gather             one known index: Pad; else ScatterND add, the axis moved first
 *   GatherElements     ScatterElements add
 *   GatherND           ScatterND add
 *   ScatterElements/ND data: dY with zeros written (`add`: dY); updates: Gather
 *   TopK               ScatterElements at its indices
 */
export const indexingRules = defineRules({
  Gather(context) {
    const { node, inputs, gradient, extents, reshape, pad, shape, refuse } = context;
    const [data = "", indices = ""] = inputs;
    const own = extents(data);
    const axis = wrapAxis(intAttribute(node, "axis", 0), own.length);
    if (own[axis]?.batch) refuse("it selects images of a batch");
    const size = own[axis]?.size ?? 1;
    const known = context.constant(indices) ? context.integers(1) : shape(indices).integers;
    const [index, ...more] = known ?? [];
    if (index === undefined || more.length > 0) return [gathered(context, axis)];
    const from = wrapAxis(index, size);
    const single = reshape(
      gradient,
      own.map((extent, i) => (i === axis ? fixed(1) : extent)),
    );
    const at = (count: number) => own.map((_, i) => (i === axis ? count : 0));
    return [pad(single, at(from), at(size - from - 1))];
  },

  GatherElements({ node, inputs: [data = "", indices = ""], gradient, emit, extents, zeros }) {
    const axis = intAttribute(node, "axis", 0);
    const nothing = zeros(extents(data));
    return [emit("ScatterElements", [nothing, indices, gradient], { axis, reduction: "add" })];
  },

  GatherND({ node, inputs: [data = "", indices = ""], gradient, emit, extents, zeros, refuse }) {
    if (intAttribute(node, "batch_dims", 0)) refuse("it has batch_dims");
    const nothing = zeros(extents(data));
    return [emit("ScatterND", [nothing, indices, gradient], { reduction: "add" })];
  },

  ScatterElements(context) {
    const { node, inputs, gradient, wanted, emit, extents, zeros } = context;
    const [, indices = "", updates = ""] = inputs;
    const axis = intAttribute(node, "axis", 0);
    const erased = () =>
      emit("ScatterElements", [gradient, indices, zeros(extents(updates))], { axis });
    return [
      wanted[0] ? (isAdded(context) ? gradient : erased()) : null,
      null,
      wanted[2] ? emit("GatherElements", [gradient, indices], { axis }) : null,
    ];
  },

  ScatterND(context) {
    const { inputs, gradient, wanted, emit, extents, zeros } = context;
    const [, indices = "", updates = ""] = inputs;
    const erased = () => emit("ScatterND", [gradient, indices, zeros(extents(updates))]);
    return [
      wanted[0] ? (isAdded(context) ? gradient : erased()) : null,
      null,
      wanted[2] ? emit("GatherND", [gradient, indices]) : null,
    ];
  },

  TopK({ node, inputs: [x = ""], outputs: [, indices = ""], gradient, emit, extents, zeros }) {
    const axis = intAttribute(node, "axis", -1);
    return [emit("ScatterElements", [zeros(extents(x)), indices, gradient], { axis })];
  },
});

/** Whether updates are added to the data; other reductions are refused. */
function isAdded({ node, refuse }: RuleContext): boolean {
  const reduction = stringAttribute(node, "reduction", "none");
  if (reduction !== "none" && reduction !== "add") refuse(`it combines by ${reduction}`);
  return reduction === "add";
}

/** Gradient of Gather for any indices: scattered into zeros whose first axis is the gathered one. */
function gathered(context: RuleContext, axis: number): string {
  const { inputs, gradient, emit, extents, reshape, zeros, transpose } = context;
  const [data = "", indices = ""] = inputs;
  const [own, places] = [extents(data), extents(indices)];
  const rest = range(own.length).filter((i) => i !== axis);
  const first = [axis, ...rest];
  const moved = range(places.length, axis);
  const others = range(extents(gradient).length).filter((i) => !moved.includes(i));
  const updates = transpose(gradient, [...moved, ...others]);
  const nothing = zeros(first.map((i) => own[i] ?? fixed(1)));
  const rows = reshape(indices, [...places, fixed(1)]);
  const sum = emit("ScatterND", [nothing, rows, updates], { reduction: "add" });
  return transpose(
    sum,
    range(own.length).map((i) => first.indexOf(i)),
  );
}
