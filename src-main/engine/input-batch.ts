import type { Preparation } from "../../shared/domain/preparation.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { inputSize } from "./images/prepare.ts";

/** Prepared pictures as one batch in the model's layout: `[N,C,H,W]` or `[N,H,W,C]`. */
export function stackInputs(inputs: readonly Float32Array[], preparation: Preparation): Tensor {
  const { layout, widthPx, heightPx, channels } = preparation;
  const count = channels === "grey" ? 1 : 3;
  const size = inputSize(preparation);
  const data = new Float32Array(inputs.length * size);
  for (const [i, input] of inputs.entries()) data.set(input, i * size);
  const dims = layout === "NCHW" ? [count, heightPx, widthPx] : [heightPx, widthPx, count];
  return { dims: [inputs.length, ...dims], data };
}
