import type { Preparation } from "../../../shared/domain/preparation.ts";
import {
  cornerWeights,
  frameWeights,
  heatShare,
  positivePart,
} from "../../../shared/heatmap/regions.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";

const frameBand = 0.1;
const cornerSide = 0.15;

/** A constant picture of `size` values: the preparation's mean colour, mid grey where it subtracts none. */
export function meanColourInput({ mean, std, scale }: Preparation, size: number): Float32Array {
  const input = new Float32Array(size);
  if (mean.some((value) => value !== 0)) return input; // x = mean is 0 after normalisation
  return input.fill(127.5 / scale / std[0]);
}

/** Uniform noise over the whole range of grey levels, prepared as a picture is. */
export function noiseInput(preparation: Preparation, size: number, seed: number): Float32Array {
  const { mean, std, scale, layout } = preparation;
  const random = randomFrom(seed);
  const channels = preparation.channels === "grey" ? 1 : 3;
  const plane = size / channels;
  return Float32Array.from({ length: size }, (_, i) => {
    const c = layout === "NCHW" ? Math.floor(i / plane) : i % channels;
    return ((random() * 255) / scale - mean[c]) / std[c];
  });
}

/** Shares of heat on the outer frame and in the corners; null where there is no heat. */
export function heatAtEdges(
  map: Float32Array | null,
  h: number,
  w: number,
): { readonly border: number | null; readonly corner: number | null } {
  const heat = map && positivePart(map);
  if (!heat || !heat.some((value) => value > 0)) return { border: null, corner: null };
  return {
    border: heatShare(heat, frameWeights(h, w, frameBand)),
    corner: cornerWeights(h, w, cornerSide).reduce(
      (sum, weights) => sum + heatShare(heat, weights),
      0,
    ),
  };
}
