import { intConstant } from "../onnx/constant.ts";
import type { MapWriter } from "./map-writer.ts";

/** Each image's rows of a value, `copies` times one after the other. Dims as probed; the batch is read at run time. */
export function repeated(
  { write }: MapWriter,
  value: string,
  copies: number,
  dims: readonly number[],
  batchFactor: readonly number[],
): string {
  const axis = batchFactor.findIndex(Boolean);
  if (axis < 0) return value;
  const [before, after] = [dims.slice(0, axis), dims.slice(axis + 1)];
  const factor = batchFactor[axis] ?? 1;
  const apart = write("Reshape", [value, intConstant([...before, -1, 1, factor, ...after])]);
  const times = [...before, 1, copies, factor, ...after];
  const many = write("Expand", [apart, intConstant(times)]);
  return write("Reshape", [many, intConstant([...before, -1, ...after])]);
}
