import { sizeOf, type Tensor } from "../../../shared/domain/tensor.ts";

/** Rows of the same size, one below the other, at most so many. */
export function joinRows(parts: readonly Tensor[], most = Infinity): Tensor {
  const [first] = parts;
  if (!first) throw new RangeError("nothing was run");
  const rest = first.dims.slice(1);
  const all = parts.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  const rows = Math.min(all, most);
  if (parts.length === 1 && rows === all) return first;
  const data = new Float32Array(rows * sizeOf(rest));
  let at = 0;
  for (const part of parts) {
    const taken = part.data.subarray(0, data.length - at);
    data.set(taken, at);
    at += taken.length;
  }
  return { dims: [rows, ...rest], data };
}
