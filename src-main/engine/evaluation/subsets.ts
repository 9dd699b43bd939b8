import { pearson } from "../../../shared/statistics/correlation.ts";
import { shuffled } from "../../../shared/statistics/sample.ts";
import { scoreOf, type Passes } from "./passes.ts";
import { replaced, type EvaluatedImage } from "./planes.ts";

/** Random subsets of a picture's superpixels, each as its pixels. */
export type Subsets = readonly Int32Array[];

/** `count` subsets of a `grid × grid` partition, each of `share` of its cells, by the seed. */
export function drawSubsets(
  { height, width }: { readonly height: number; readonly width: number },
  {
    count,
    grid,
    share,
    seed,
  }: {
    readonly count: number;
    readonly grid: number;
    readonly share: number;
    readonly seed: number;
  },
): Subsets {
  const cells: number[][] = Array.from({ length: grid * grid }, () => []);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      cells[Math.floor((y * grid) / height) * grid + Math.floor((x * grid) / width)].push(
        y * width + x,
      );
  const filled = cells.filter((cell) => cell.length > 0);
  const taken = Math.max(1, Math.round(filled.length * share));
  return Array.from({ length: count }, (_, s) =>
    Int32Array.from(
      shuffled(filled.length, (seed + Math.imul(s + 1, 0x9e3779b1)) >>> 0)
        .slice(0, taken)
        .flatMap((cell) => filled[cell]),
    ),
  );
}

/**
 * What the score loses under each subset set to the baseline: `f(x) − f(x − I)`, `I = (x − baseline)` on the subset. The
 * passes depend on no map, so that all maps of an image share them.
 */
export function planSubsets(
  {
    image,
    subsets,
    baseline,
  }: {
    readonly image: EvaluatedImage;
    readonly subsets: Subsets;
    readonly baseline: Float32Array;
  },
  passes: Passes,
): (target: number, before: number) => Float64Array {
  const answers = subsets.map((pixels, s) =>
    passes.ask(`subset ${s}`, () => replaced(image.planes, image.tensor.data, baseline, pixels)),
  );
  return (target, before) =>
    Float64Array.from(answers, (answer) => before - scoreOf(answer, target));
}

/** Faithfulness correlation: Pearson of `Σ h` over each subset with what the score lost; NaN without variation. */
export function faithfulnessCorrelation(
  map: Float32Array,
  subsets: Subsets,
  lost: Float64Array,
): number {
  const heat = subsets.map((pixels) => pixels.reduce((sum, pixel) => sum + map[pixel], 0));
  return pearson(heat, lost);
}

/**
 * Infidelity, Yeh et al. 2019, scaled because the size of a CAM means nothing:
 *
 *   E[(β Iᵀφ − Δf)²],  β = E[(Iᵀφ) Δf] / E[(Iᵀφ)²]
 *
 * with `φ` the map shared by the channels; NaN where the map says nothing of any subset.
 */
export function infidelity(
  map: Float32Array,
  subsets: Subsets,
  lost: Float64Array,
  { image, baseline }: { readonly image: EvaluatedImage; readonly baseline: Float32Array },
): number {
  const { tensor, planes } = image;
  const foretold = subsets.map((pixels) => {
    let sum = 0;
    for (const pixel of pixels)
      for (let c = 0; c < planes.channels; c++) {
        const at = c * planes.channelStep + pixel * planes.pixelStep;
        sum += (tensor.data[at] - baseline[at]) * map[pixel];
      }
    return sum;
  });
  let cross = 0;
  let square = 0;
  foretold.forEach((value, s) => {
    cross += value * lost[s];
    square += value * value;
  });
  if (!(square > 0)) return NaN;
  const beta = cross / square;
  return (
    foretold.reduce((sum, value, s) => sum + (beta * value - lost[s]) ** 2, 0) / foretold.length
  );
}
