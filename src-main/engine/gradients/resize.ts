import {
  floatAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from "../onnx/attributes.ts";
import { numbersOf } from "../onnx/constant.ts";
import { range, wrapAxis } from "./extents.ts";
import { defineRules, type AttributeValue, type Emitter, type RuleContext } from "./rule.ts";

/**
 * Resize is linear and acts axis by axis: y = x · R along each, so dX = dY · Rᵀ. R is the same Resize run on an
 * identity, by the runtime itself: exact for nearest, linear, cubic, antialias and every coordinate mode.
 */
export const resizeRules = defineRules({
  Resize(context) {
    const { node, inputs, gradient, extents, refuse } = context;
    const [x = ""] = inputs;
    const own = extents(x);
    if (
      stringAttribute(node, "coordinate_transformation_mode", "half_pixel") === "tf_crop_and_resize"
    )
      refuse("it crops while it resizes");
    if (stringAttribute(node, "keep_aspect_ratio_policy", "stretch") !== "stretch")
      refuse("it keeps the aspect ratio");
    const axes = (intsAttribute(node, "axes") ?? range(own.length)).map((a) =>
      wrapAxis(a, own.length),
    );
    return [
      axes.reduce((value, axis, i) => {
        const [from, to] = [own[axis], extents(gradient)[axis]];
        if (!from || !to || from.batch) return value;
        const scale = scaleOf(context, i);
        if (from.size === to.size && (scale === undefined || scale === 1)) return value;
        return alongAxis(context, value, resizeMatrix(context, from.size, to.size, scale), axis);
      }, gradient),
    ];
  },
});

/** The stated scale of the axis; undefined where sizes are stated. */
function scaleOf({ inputs, constant, refuse }: RuleContext, index: number): number | undefined {
  const name = inputs[2];
  if (!name) return undefined;
  const known = constant(name) ?? refuse("its scales vary from image to image");
  return numbersOf(known)[index];
}

/** `[in, out]`, from an identity `[1, 1, in, in]` resized along its last axis. */
function resizeMatrix(
  { node, emit, floats, ints, reshape }: RuleContext,
  from: number,
  to: number,
  scale: number | undefined,
): string {
  const identity = floats(
    range(from * from).map((i) => (i % (from + 1) === 0 ? 1 : 0)),
    [1, 1, from, from],
  );
  const attributes: Record<string, AttributeValue> = {};
  for (const name of ["coordinate_transformation_mode", "mode", "nearest_mode"]) {
    const value = stringAttribute(node, name, "");
    if (value) attributes[name] = value;
  }
  for (const name of ["antialias", "exclude_outside"])
    if (name in node.attributes) attributes[name] = intAttribute(node, name, 0);
  for (const name of ["cubic_coeff_a", "extrapolation_value"])
    if (name in node.attributes) attributes[name] = { float: floatAttribute(node, name, 0) };
  const resized =
    scale === undefined
      ? emit("Resize", [identity, "", "", ints([1, 1, from, to])], attributes)
      : emit("Resize", [identity, "", floats([1, 1, 1, scale], [4], "f32")], attributes);
  return reshape(
    resized,
    [from, to].map((size) => ({ size, batch: 0 })),
  );
}

/** dY · Rᵀ along one axis, for a matrix R `[in, out]`. */
export function alongAxis(
  { emit, extents, transpose }: Emitter,
  value: string,
  matrix: string,
  axis: number,
): string {
  const rank = extents(value).length;
  if (axis === rank - 2) return emit("MatMul", [matrix, value]);
  const back = transpose(matrix, [1, 0]);
  if (axis === rank - 1) return emit("MatMul", [value, back]);
  const swap = range(rank).map((i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));
  return transpose(emit("MatMul", [transpose(value, swap), back]), swap);
}
