import type { TapDescription } from "../../../../shared/domain/model.ts";
import type { Tensor } from "../../../../shared/domain/tensor.ts";

/** Row `i` of a value as the graph lays it out, as `[K,n]` on the grid of its layer; prefix tokens are left off. */
export function onGrid(
  value: Tensor,
  i: number,
  {
    grid: [k, h, w],
    layout,
    prefixTokens,
  }: Pick<TapDescription, "grid" | "layout" | "prefixTokens">,
): Float32Array {
  const size = value.data.length / value.dims[0];
  const row = value.data.subarray(i * size, (i + 1) * size);
  if (layout === "channels-first") return row;
  const n = h * w;
  const out = new Float32Array(k * n);
  const first = layout === "tokens" ? prefixTokens : 0;
  for (let p = 0; p < n; p++)
    for (let channel = 0; channel < k; channel++)
      out[channel * n + p] = row[(first + p) * k + channel];
  return out;
}
