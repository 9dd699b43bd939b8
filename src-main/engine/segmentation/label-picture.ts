import { averageOver } from "../kernels/area.ts";
import { enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import type { LabelOptions } from "../../../shared/domain/pseudo-labels.ts";
import { argMaxPlanes, confidentLabels, ignoreLabel, withBackground } from "./background.ts";
import { crfDefaults, denseCrf, labelUnary, scoreUnary } from "./dense-crf.ts";
import { colourBoundaries, transitionsOf, walkMaps } from "./random-walk.ts";

/** A picture made small, colours 0..255: `[height,width,3]`. */
export interface SmallPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export interface LabelInput {
  /** Fused maps 0..1 of the present classes, `[height,width]` of the picture. */
  readonly maps: readonly Float32Array[];
  readonly width: number;
  readonly height: number;
  /** 1 where the model saw the picture. */
  readonly seen: Uint8Array;
  /** For the walk and for the CRF; asked for where the options name them. */
  readonly small: (longerSide: number) => Promise<SmallPicture>;
}

/** Longer side of the grid that is walked on, at a quarter of the picture where that is smaller. */
const mostWalkSide = 128;

/**
 * Labels of one picture: 0 background, k + 1 for the k-th present class, 255 where it stays open. Without a present class all that
 * was seen is background.
 */
export async function labelPicture(input: LabelInput, options: LabelOptions): Promise<Uint8Array> {
  const { maps, width, height, seen } = input;
  const labels =
    maps.length === 0 ? new Uint8Array(width * height) : await labelsOf(input, options);
  return labels.map((label, p) => (seen[p] ? label : ignoreLabel));
}

async function labelsOf(input: LabelInput, options: LabelOptions): Promise<Uint8Array> {
  const { refine, ignoreBetween } = options;
  const isWalked = refine === "walk" || refine === "both";
  const maps = isWalked ? await walked(input) : input.maps;
  const background = isWalked
    ? ({ kind: "threshold", value: options.walkBackground } as const)
    : options.background;
  const at = (value: number) => ({ kind: "threshold", value }) as const;
  if (refine === "crf" || refine === "both") {
    const { crfSide } = options;
    if (!ignoreBetween)
      return smoothed(input, withBackground(maps, maps[0].length, background), crfSide);
    const [low, high] = ignoreBetween;
    return confidentLabels(
      await smoothedLabels(input, withBackground(maps, maps[0].length, at(high)), crfSide),
      await smoothedLabels(input, withBackground(maps, maps[0].length, at(low)), crfSide),
    );
  }
  const planes = (of: typeof background) => argMaxPlanes(withBackground(maps, maps[0].length, of));
  if (!ignoreBetween) return planes(background);
  return confidentLabels(planes(at(ignoreBetween[1])), planes(at(ignoreBetween[0])));
}

/** Maps after a random walk that colour gradients hold up, back at the picture's size. */
async function walked({ maps, width, height, small }: LabelInput): Promise<Float32Array[]> {
  const side = Math.min(mostWalkSide, Math.ceil(Math.max(width, height) / 4));
  const grid = await small(side);
  const [h, w] = [grid.height, grid.width];
  const coarse = maps.map((map) => averageOver(map, [height, width], [h, w]));
  const boundary = colourBoundaries(grid.rgb, h, w);
  return walkMaps(coarse, boundary, transitionsOf(boundary, h, w)).map((map) =>
    enlargeSmooth(map, h, w, height, width),
  );
}

/** The CRF of scores. */
async function smoothed(
  input: LabelInput,
  planes: readonly Float32Array[],
  side: number,
): Promise<Uint8Array> {
  const { width, height } = input;
  const picture = await crfPicture(input, side);
  const [h, w] = [picture.height, picture.width];
  const scores = planes.map((plane) => averageOver(plane, [height, width], [h, w]));
  const q = denseCrf(picture, scoreUnary(scores), crfDefaults.scores);
  return argMaxPlanes(q.map((plane) => enlargeSmooth(plane, h, w, height, width)));
}

/** The CRF of hard labels. */
async function smoothedLabels(
  input: LabelInput,
  planes: readonly Float32Array[],
  side: number,
): Promise<Uint8Array> {
  const { width, height } = input;
  const picture = await crfPicture(input, side);
  const [h, w] = [picture.height, picture.width];
  const labels = argMaxPlanes(planes.map((plane) => averageOver(plane, [height, width], [h, w])));
  const q = denseCrf(picture, labelUnary(labels, planes.length), crfDefaults.labels);
  return argMaxPlanes(q.map((plane) => enlargeSmooth(plane, h, w, height, width)));
}

async function crfPicture({ small, width, height }: LabelInput, side: number) {
  const picture = await small(side);
  return { ...picture, stepPx: Math.max(width, height) / Math.max(picture.width, picture.height) };
}
