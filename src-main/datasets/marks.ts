import type { EvidenceShape, EvidenceSource } from "../../shared/domain/evidence.ts";
import { clipToPicture } from "../../shared/geometry/box.ts";
import { maskOfShapes } from "../../shared/geometry/coverage.ts";
import { resizeMask, unionOf, type Mask } from "../../shared/geometry/mask.ts";
import { countsOfMask, maskOfCounts } from "../../shared/geometry/rle.ts";
import type { Marks, RunLengths } from "./annotations.ts";
import type { Probe } from "./dataset.ts";
import { readOrientation, turnMask, turnShape, type Orientation } from "./orientation.ts";

type Drawn = Extract<Marks, { kind: "drawn" }>;

/** No mask of more cells than this is unpacked. */
const mostCells = 2 ** 28;

/**
 * One image's boxes, polygons and run lengths as its evidence, on the picture as it is shown. Where the image has one
 * label that some of the marks carry, the others show something else and are left out. null: nothing usable.
 */
export async function drawnEvidence(
  drawn: readonly Drawn[],
  imagePath: string,
  labels: readonly string[],
  probe: Probe,
): Promise<EvidenceSource | null> {
  const all = drawn.flatMap((own) => own.marks.map((mark) => ({ ...mark, of: own })));
  const [label] = labels;
  const ofLabel = all.filter((mark) => labels.length === 1 && mark.label === label);
  const marks = ofLabel.length > 0 ? ofLabel : all;

  const statedPx = drawn.find((own) => own.statedPx)?.statedPx ?? null;
  const isInPx = marks.some((mark) => mark.of.unit === "px" && mark.drawn.kind !== "rle");
  const size = statedPx ?? (isInPx ? await probe(imagePath).catch(() => null) : null);
  if (isInPx && !size) return null; // an unreadable picture is reported when it is decoded
  const orientation = statedPx ? await turnNeeded(imagePath, statedPx, probe) : 1;

  const shapes: EvidenceShape[] = [];
  const masks: RunLengths[] = [];
  for (const { drawn: one, of } of marks) {
    if (one.kind === "rle") {
      if (isSound(one)) masks.push(one);
      continue;
    }
    const scale = of.unit === "px" && size ? size : { width: 1, height: 1 };
    const shape = toFractions(one, scale.width, scale.height);
    if (shape) shapes.push(turnShape(orientation, shape));
  }
  if (masks.length > 0) return joinMasks(masks, shapes, orientation);
  return shapes.length > 0 ? { kind: "shapes", shapes } : null;
}

/** How the stated picture must be turned to be the one shown: by EXIF, where the stated size is the stored one. */
async function turnNeeded(
  path: string,
  stated: { width: number; height: number },
  probe: Probe,
): Promise<Orientation> {
  const orientation = await readOrientation(path);
  if (orientation < 5 || stated.width === stated.height) return 1;
  const shown = await probe(path).catch(() => null);
  const isStored = shown?.width === stated.height && shown.height === stated.width;
  return isStored ? orientation : 1;
}

function toFractions(shape: EvidenceShape, width: number, height: number): EvidenceShape | null {
  if (shape.kind === "rect") {
    const clipped = clipToPicture({
      x: shape.x / width,
      y: shape.y / height,
      w: shape.w / width,
      h: shape.h / height,
    });
    const isFinite = clipped && Object.values(clipped).every(Number.isFinite);
    return isFinite ? { kind: "rect", ...clipped } : null;
  }
  const rings = shape.rings
    .map((ring) => ring.map((value, at) => value / (at % 2 === 0 ? width : height)))
    .filter((ring) => ring.length >= 6 && ring.length % 2 === 0 && ring.every(isNear));
  return rings.length > 0 ? { kind: "polygon", rings } : null;
}

/** Corners far off the picture are a mistake of the file, not a shape. */
const isNear = (fraction: number) => fraction >= -1 && fraction <= 2;

function isSound({ width, height, counts }: RunLengths): boolean {
  if (!Number.isInteger(width) || !Number.isInteger(height)) return false;
  if (!(width > 0 && height > 0 && width * height <= mostCells)) return false;
  let total = 0;
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 0) return false;
    total += count;
  }
  return total === width * height;
}

function joinMasks(
  masks: readonly RunLengths[],
  shapes: readonly EvidenceShape[],
  orientation: Orientation,
): EvidenceSource | null {
  const [first] = masks;
  if (!first) return null;
  if (masks.length === 1 && shapes.length === 0 && orientation === 1) return first;
  let joined: Mask | null = null;
  for (const { counts, width, height } of masks) {
    const mask = maskOfCounts(counts, width, height);
    if (!mask) continue;
    const turned = turnMask(orientation, mask);
    joined = joined ? unionOf(joined, resizeMask(turned, joined.width, joined.height)) : turned;
  }
  if (!joined) return null;
  const { width, height } = joined;
  if (shapes.length > 0) joined = unionOf(joined, maskOfShapes(shapes, width, height));
  return { kind: "rle", width, height, counts: countsOfMask(joined) };
}
