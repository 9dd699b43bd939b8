import type { Preparation } from "../../../shared/domain/preparation.ts";
import { evaluationSettings } from "../../../shared/domain/evaluation.ts";
import { eachValue, type EvaluatedImage, type Planes } from "./planes.ts";

/**
 * What "removed" means: 0 after normalisation (mean colour), black before it, the picture blurred (RISE), or a colour
 * per channel. ROAD's imputation is in `imputation.ts`: it depends on what is removed.
 */
export type Baseline =
  | { readonly kind: "zero-normalised" }
  | { readonly kind: "black"; readonly preparation: Pick<Preparation, "mean" | "std"> }
  | { readonly kind: "blur" }
  /** Of the dataset, in the prepared input's units. */
  | { readonly kind: "channel-mean"; readonly means: readonly number[] };

/** The baseline of one image, as large as its input. */
export function baselineOf(baseline: Baseline, image: EvaluatedImage): Float32Array {
  switch (baseline.kind) {
    case "zero-normalised":
      return new Float32Array(image.tensor.data.length);
    case "black": {
      const { mean, std } = baseline.preparation;
      return perChannel(
        image,
        mean.map((value, c) => (0 - value) / std[c]),
      );
    }
    case "channel-mean":
      return perChannel(image, baseline.means);
    case "blur":
      return blurred(image, evaluationSettings.blurSize, evaluationSettings.blurSigma);
  }
}

function perChannel({ tensor, planes }: EvaluatedImage, values: readonly number[]): Float32Array {
  const out = new Float32Array(tensor.data.length);
  eachValue(planes, (at, _, channel) => (out[at] = values[channel]));
  return out;
}

/** Gaussian of `size × size`, its weights summing to 1, edges repeated. */
function blurred({ tensor, planes }: EvaluatedImage, size: number, sigma: number): Float32Array {
  const radius = (size - 1) / 2;
  const weights = Float64Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const kernel = weights.map((weight) => weight / sum);
  return along(along(tensor.data, planes, kernel, "row"), planes, kernel, "column");
}

function along(
  data: Float32Array,
  planes: Planes,
  kernel: Float64Array,
  axis: "row" | "column",
): Float32Array {
  const { height, width, pixelStep } = planes;
  const radius = (kernel.length - 1) / 2;
  const last = (axis === "row" ? width : height) - 1;
  const step = axis === "row" ? pixelStep : pixelStep * width;
  const out = new Float32Array(data.length);
  eachValue(planes, (at, pixel) => {
    const position = axis === "row" ? pixel % width : Math.floor(pixel / width);
    let sum = 0;
    for (let i = -radius; i <= radius; i++) {
      const source = Math.min(last, Math.max(0, position + i));
      sum += kernel[i + radius] * data[at + (source - position) * step];
    }
    out[at] = sum;
  });
  return out;
}
