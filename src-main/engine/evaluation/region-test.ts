import {
  secondFill,
  type Control,
  type FillId,
  type MeasuredTest,
} from "../../../shared/domain/region-test.ts";
import type { SeenArea } from "../../../shared/domain/preparation.ts";
import type { Shape } from "../../../shared/domain/review.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { Extent } from "../../../shared/geometry/cells.ts";
import { coverageOf } from "../../../shared/geometry/coverage.ts";
import { gridToPicture, pictureToGrid } from "../../../shared/geometry/frame.ts";
import { shapeOnGrid } from "../../../shared/geometry/shape-on-grid.ts";
import { argMax, classProbability } from "../kernels/scores.ts";
import { controlPlaces } from "./control-places.ts";
import { coverWith, type Filling } from "./fill.ts";
import { Passes, type Answer } from "./passes.ts";
import type { EvaluatedImage } from "./planes.ts";
import { boxOfStamp, stampOf, type PixelBox } from "./stamp.ts";

export interface RegionTestRequest {
  readonly image: EvaluatedImage;
  readonly picture: Extent;
  readonly seen: SeenArea;
  /** In picture fractions. */
  readonly shape: Shape;
  /** Coverage of the input by evidence; null without any. */
  readonly evidence: Float32Array | null;
  /** The run's map, positive part, `[height, width]`; null where it has none. */
  readonly map: { readonly heat: Float32Array; readonly grid: Extent } | null;
  /** Output that the test is about; null: the predicted class. */
  readonly target: number | null;
  readonly fill: FillId;
  readonly controls: number;
  readonly seed: number;
  /** Whether the outputs are independent of each other: probabilities are then sigmoids. */
  readonly isMultiLabel: boolean;
  readonly noise: number;
  readonly normals: Filling["normals"];
  /** Inputs that one pass carries at most. */
  readonly chunk: number;
  readonly forward: (images: Tensor) => Promise<Tensor>;
}

/**
 * Covers a region, runs the model again, and holds the drop against the same shape elsewhere: one pass of the picture, one for
 * each of two fills, one a control. @throws AppError `test/outside` where the model saw nothing of the region
 */
export async function testRegion(request: RegionTestRequest): Promise<MeasuredTest> {
  const { image, seen, picture, fill, seed } = request;
  const { width, height } = image.planes;
  const grid = { width, height };
  const cover = coverageOf(shapeOnGrid(request.shape, seen, picture), width, height);
  const visible = visiblePart(seen, picture, grid);
  clip(cover, visible, width);
  const region = stampOf(cover);
  if (region.pixels.length === 0) fail("test/outside", {});
  const places = controlPlaces({
    ...grid,
    visible,
    region,
    evidence: request.evidence,
    heat: request.map && spreadOver(request.map.heat, request.map.grid, grid),
    count: request.controls,
    seed,
  });

  const passes = new Passes(image.tensor.dims.slice(1));
  const filling: Filling = { image, visible, normals: request.normals, noise: request.noise };
  const second = secondFill(fill);
  const first = coverWith(fill, filling);
  const before = passes.ask("before", () => image.tensor.data);
  const after = passes.ask("after", () => first(region, seed));
  const again = passes.ask("again", () => coverWith(second, filling)(region, seed));
  const controls = places.map(({ stamp }, i) =>
    passes.ask(`control ${i}`, () => first(stamp, seed + 1 + i)),
  );
  await passes.run(request.forward, request.chunk);

  const target = request.target ?? predicted(before);
  const score = ({ logits }: Answer) =>
    request.isMultiLabel && logits.length > 1
      ? 1 / (1 + Math.exp(-logits[target]))
      : classProbability(logits, target);
  const scoreBefore = score(before);
  let covered = 0;
  for (const share of region.cover) covered += share;
  return {
    target,
    scoreBefore,
    scoreAfter: score(after),
    classBefore: predicted(before),
    classAfter: predicted(after),
    second: { fill: second, scoreAfter: score(again) },
    controls: places.map(({ stamp }, i): Control => ({
      ...boxOnPicture(boxOfStamp(stamp, width), seen, picture, grid),
      drop: scoreBefore - score(controls[i]),
    })),
    controlsPlanned: request.controls,
    isByHeat: request.map !== null,
    covered: covered / (width * height),
  };
}

/** The predicted class; of a single output, its positive (1) or negative (0) side. */
function predicted({ logits }: Answer): number {
  return logits.length === 1 ? Number(logits[0] > 0) : argMax(logits);
}

/** Whole pixels of the input that show the picture; beside them is padding. */
function visiblePart(seen: SeenArea, picture: Extent, grid: Extent): PixelBox {
  const from = pictureToGrid({ x: 0, y: 0 }, seen, picture, grid);
  const to = pictureToGrid({ x: 1, y: 1 }, seen, picture, grid);
  const rim = 1e-6; // rounding of the placement's division
  return {
    left: Math.max(0, Math.ceil(from.x - rim)),
    top: Math.max(0, Math.ceil(from.y - rim)),
    right: Math.min(grid.width, Math.floor(to.x + rim)),
    bottom: Math.min(grid.height, Math.floor(to.y + rim)),
  };
}

function clip(cover: Float32Array, { left, top, right, bottom }: PixelBox, width: number): void {
  for (let pixel = 0; pixel < cover.length; pixel++) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    if (x < left || x >= right || y < top || y >= bottom) cover[pixel] = 0;
  }
}

/** Each cell's heat shared evenly by the pixels of the input under it. */
function spreadOver(heat: Float32Array, cells: Extent, grid: Extent): Float32Array {
  const perPixel = (cells.width * cells.height) / (grid.width * grid.height);
  const out = new Float32Array(grid.width * grid.height);
  for (let y = 0, at = 0; y < grid.height; y++) {
    const row = Math.floor(((y + 0.5) * cells.height) / grid.height) * cells.width;
    for (let x = 0; x < grid.width; x++, at++)
      out[at] = heat[row + Math.floor(((x + 0.5) * cells.width) / grid.width)] * perPixel;
  }
  return out;
}

function boxOnPicture(box: PixelBox, seen: SeenArea, picture: Extent, grid: Extent) {
  const from = gridToPicture({ x: box.left, y: box.top }, seen, picture, grid);
  const to = gridToPicture({ x: box.right, y: box.bottom }, seen, picture, grid);
  return { x: from.x, y: from.y, w: to.x - from.x, h: to.y - from.y };
}
