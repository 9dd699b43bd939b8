import { fail } from "../../../shared/errors/app-error.ts";
import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";
import type { AnalysedModel } from "../compile/analysed-model.ts";
import { bytesOf, floatsOf } from "../onnx/constant.ts";
import type { Constant } from "../onnx/graph.ts";

/** A tensor as the runtime takes it. */
export function toConstant({ dims, data }: Tensor): Constant {
  return { type: "f32", dims, bytes: bytesOf(data) };
}

/** A result of the runtime as a tensor. */
export function toTensor(value: Constant | undefined): Tensor {
  if (!value) throw new RangeError("the runtime left an output off");
  return { dims: value.dims, data: floatsOf(value) };
}

/** Pictures in the element type that the model takes: float values are rounded and clamped for integers. */
export function toImages(model: AnalysedModel, images: Tensor): Constant {
  checkImages(model, images);
  const type = model.graph.inputs.find(({ name }) => name === model.image.name)?.type ?? "f32";
  const { dims, data } = images;
  if (type === "f32") return toConstant(images);
  if (type === "f64") return { type, dims, bytes: bytesOf(Float64Array.from(data)) };
  if (type === "u8") return { type, dims, bytes: bytesOf(Uint8ClampedArray.from(data)) };
  if (type === "i8") return { type, dims, bytes: bytesOf(Int8Array.from(data, Math.round)) };
  if (type === "i32") return { type, dims, bytes: bytesOf(Int32Array.from(data, Math.round)) };
  if (type === "i64")
    return {
      type,
      dims,
      bytes: bytesOf(BigInt64Array.from(data, (value) => BigInt(Math.round(value)))),
    };
  throw new RangeError(`pictures cannot be fed as ${type}`);
}

function checkImages(model: AnalysedModel, images: Tensor): void {
  const expected = model.graph.inputs[0]?.dims?.slice(1) ?? [];
  const given = images.dims.slice(1);
  const fits =
    images.dims.length === 4 &&
    expected.every((dim, i) => dim === given[i]) &&
    images.data.length === sizeOf(images.dims);
  if (!fits)
    fail("model/wrong-input", { expected: expected.join(" × "), given: given.join(" × ") });
}

/** Rows `from … to` of a tensor along its first dim; beyond the last, the last again. */
export function rowsOf(tensor: Tensor, from: number, count: number): Tensor {
  const [rows = 0, ...rest] = tensor.dims;
  const size = sizeOf(rest);
  if (from + count <= rows)
    return {
      dims: [count, ...rest],
      data: tensor.data.subarray(from * size, (from + count) * size),
    };
  const data = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    const source = Math.min(from + row, rows - 1) * size;
    data.set(tensor.data.subarray(source, source + size), row * size);
  }
  return { dims: [count, ...rest], data };
}
