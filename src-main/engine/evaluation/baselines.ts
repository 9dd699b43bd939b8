import type { Preparation } from "../../../shared/domain/preparation.ts";
import { evaluationSettings } from "../../../shared/domain/evaluation.ts";
import { gaussian } from "./gaussian.ts";
import { eachValue, type EvaluatedImage } from "./planes.ts";

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
      return gaussian(image, evaluationSettings.blurSize, evaluationSettings.blurSigma);
  }
}

function perChannel({ tensor, planes }: EvaluatedImage, values: readonly number[]): Float32Array {
  const out = new Float32Array(tensor.data.length);
  eachValue(planes, (at, _, channel) => (out[at] = values[channel]));
  return out;
}
