import type { Tensor } from "../../../shared/domain/tensor.ts";
import { bytesOf, floatsOf } from "../onnx/constant.ts";
import type { Constant } from "../onnx/graph.ts";

/** Tokens `[M,P+HW,D]` with each patch token times its factor of `kept [M,H,W]`; prefix tokens stay. */
export function maskTokens(tokens: Constant, kept: Tensor, prefixTokens: number): Constant {
  const [rows = 0, count = 0, width = 0] = tokens.dims;
  const data = floatsOf(tokens).slice();
  const places = count - prefixTokens;
  for (let row = 0; row < rows; row++)
    for (let place = 0; place < places; place++) {
      const factor = kept.data[row * places + place] ?? NaN;
      const from = (row * count + prefixTokens + place) * width;
      for (let at = from; at < from + width; at++) data[at] = (data[at] ?? NaN) * factor;
    }
  return { ...tokens, bytes: bytesOf(data) };
}
