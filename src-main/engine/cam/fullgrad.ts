import { AppError } from "../../../shared/errors/app-error.ts";
import type { BiasStructure, BiasTerm } from "../../../shared/domain/structure.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import { averageOver } from "../kernels/area.ts";
import { normalisedMagnitudes, timesBias } from "../kernels/bias-gradient.ts";
import { dot } from "../kernels/scores.ts";
import { definePassMethod, type MapItem } from "./method.ts";

/** How far the sum may lie from the score, as a share of the larger of the score and its largest part. */
const most = 1e-3;

/**
 * FullGrad, Srinivas and Fleuret 2019, https://arxiv.org/abs/1905.00780
 *
 *   t = Σ x ⊙ dt/dx + Σ_l Σ b_l ⊙ dt/dz_l              b_l: the bias of layer l, z_l: its output
 *   ψ(v) = |v|, min-max in every channel
 *   map = Σ_colours ψ( x ⊙ dt/dx ) + Σ_l Σ_channels up( ψ( b_l ⊙ dt/dz_l ) )
 *
 * Made at the input's size and averaged over the layer's cells. Channels are summed before they are enlarged (bilinear, half
 * pixel), which is the same because ψ comes first. Biases without a place (linear layers) count in the sum, not in the map.
 * The first line is checked for every image: where it does not hold there is no map. ψ leaves no zero that means anything.
 */
export const fullGrad = definePassMethod({
  id: "fullgrad",
  needs: [],
  uses: ["read", "slopes"],
  requires: (facts) => {
    const biases = facts.structure.biases();
    if (!biases) return { code: "method/no-biases", details: { method: "FullGrad" } };
    if (biases.kind === "implicit") {
      const { op, node } = biases;
      return { code: "method/implicit-bias", details: { method: "FullGrad", op, node } };
    }
    return facts.readingRefusal?.(namesOf(biases)) ?? null;
  },
  // As measured: a backward pass down to the picture, and every layer's channels normalised and enlarged.
  forwards: ({ structure }) => {
    const biases = structure.biases();
    return 4 + (biases?.kind === "explicit" ? biases.terms.length / 3 : 0);
  },
  async map(tools, item) {
    const biases = item.structure.biases();
    if (biases?.kind !== "explicit") throw new RangeError("this network has biases of its own");
    const seed = { dims: [1, item.seed.length], data: item.seed };
    const reading = await tools.read(item.image, namesOf(biases), seed);
    const at = (values: ReadonlyMap<string, Tensor>, name: string) => {
      const found = values.get(name);
      if (!found) throw new RangeError(`"${name}" was not read`);
      return found;
    };
    const place = pictureOf(item);
    const parts: number[] = [];
    const map = new Float64Array(place.h * place.w);
    const add = (name: string, term: BiasTerm | null) => {
      const [value, gradient] = [at(reading.values, name), at(reading.gradients, name)];
      const part = timesBias(value.data, gradient, term);
      parts.push(sumOf(part));
      const isPicture = term === null;
      const [, k = 0, h = 0, w = 0] = isPicture ? place.dims : value.dims;
      if (value.dims.length !== 4 || h * w <= 1) return;
      const ordered = isPicture && item.layout === "NHWC" ? channelsFirst(part, k) : part;
      const sum = normalisedMagnitudes(ordered, k);
      const up = isPicture ? sum : enlargeSmooth(sum, h, w, place.h, place.w);
      for (let p = 0; p < map.length; p++) map[p] += up[p];
    };
    add(biases.image, null);
    for (const term of biases.terms) add(term.value, term);
    const gap = checkedGap(parts, dot(item.seed, reading.logits.data));
    return {
      map: averageOver(map, [place.h, place.w], [item.h, item.w]),
      notes: { layers: biases.terms.length, incompleteness: gap },
    };
  },
});

function namesOf({ image, terms }: Extract<BiasStructure, { kind: "explicit" }>): string[] {
  return [...new Set([image, ...terms.map(({ value }) => value)])];
}

/** How far the parts are from summing to the score. Refuses with `method/incomplete`. */
function checkedGap(parts: readonly number[], score: number): number {
  const sum = parts.reduce((total, part) => total + part, 0);
  const scale = Math.max(Math.abs(score), ...parts.map(Math.abs));
  const gap = Math.abs(sum - score) / (scale || 1);
  if (gap <= most) return gap;
  const details = { method: "FullGrad", sum: sum.toPrecision(4), score: score.toPrecision(4) };
  throw new AppError("method/incomplete", details);
}

/** The picture as a map of its colours. */
function pictureOf({ image, layout }: Pick<MapItem, "image" | "layout">) {
  const [, a = 1, b = 1, c = 1] = image.dims;
  const [k, h, w] = layout === "NCHW" ? [a, b, c] : [c, a, b];
  return { dims: [1, k, h, w], h, w };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function channelsFirst(values: Float64Array, k: number): Float64Array {
  const n = values.length / k;
  return values.map((_, at) => values[(at % n) * k + Math.floor(at / n)]);
}
