import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { ProbedModel } from "./probe.ts";
import type { DeviceTensor } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";

/** Pictures in the element type that the model takes. Refuses with `model/wrong-input`. */
export function feedPictures(
  tf: TensorFlow["tf"],
  { program, image, pictureDims }: Pick<ProbedModel, "program" | "image" | "pictureDims">,
  images: Tensor,
): [string, DeviceTensor] {
  const given = images.dims.slice(1);
  const fits =
    images.dims.length === 4 &&
    pictureDims.every((dim, i) => dim === given[i]) &&
    images.data.length === sizeOf(images.dims);
  if (!fits)
    fail("model/wrong-input", { expected: pictureDims.join(" × "), given: given.join(" × ") });
  const { type } = program.input;
  const data = type === "int32" ? Int32Array.from(images.data, Math.round) : images.data;
  return [image.name, tf.tensor(data, [...images.dims], type)];
}
