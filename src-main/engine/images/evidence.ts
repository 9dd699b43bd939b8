import type { EvidenceSource } from "../../../shared/domain/evidence.ts";
import type { SeenArea } from "../../../shared/domain/preparation.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { cellsOf } from "../../../shared/geometry/cells.ts";
import { maskOfShapes } from "../../../shared/geometry/coverage.ts";
import { resizeMask, turnMask, type Mask } from "../../../shared/geometry/mask.ts";
import { maskOfCounts } from "../../../shared/geometry/rle.ts";
import { readMaskFile } from "./mask-file.ts";
import { fromPixels } from "./scaled.ts";

/** The upright picture's size. */
export interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The file's EXIF orientation; masks drawn on a picture stored on its side are turned with it. */
  readonly orientation?: number;
}

/** A map's grid and where it lies on its picture. */
export interface MapGrid extends PictureSize {
  readonly h: number;
  readonly w: number;
  readonly seen: SeenArea;
}

/** Longer side up to which shapes are drawn. Their edges carry coverage, so it bounds memory and not precision. */
const shapeSide = 1024;

/**
 * Evidence as a mask that lies over the whole picture, at the mask's own resolution: files and run lengths keep
 * theirs, shapes are drawn at the picture's size.
 */
export async function evidenceMask(evidence: EvidenceSource, picture: PictureSize): Promise<Mask> {
  switch (evidence.kind) {
    case "mask-file":
      return upright(await readMaskFile(evidence.path, evidence.ignore), picture);
    case "shapes": {
      const { width, height } = fitted(picture, shapeSide);
      return maskOfShapes(evidence.shapes, width, height);
    }
    case "rle": {
      const { counts, width, height } = evidence;
      const mask = maskOfCounts(counts, width, height);
      if (!mask) fail("image/unreadable", { file: `${width} × ${height}`, why: "mask-size" });
      return upright(mask, picture);
    }
  }
}

/** Turns a mask whose shape is that of the stored picture, where EXIF shows the picture on its side. */
function upright(mask: Mask, { widthPx, heightPx, orientation = 1 }: PictureSize): Mask {
  if (orientation !== 5 && orientation !== 6 && orientation !== 7 && orientation !== 8) return mask;
  const asStored = Math.abs(mask.width * widthPx - mask.height * heightPx);
  const asShown = Math.abs(mask.width * heightPx - mask.height * widthPx);
  return asStored < asShown ? turnMask(mask, orientation) : mask;
}

/** Evidence on a map's grid: share 0..1 of each cell, `[h,w]`, area-averaged. */
export async function evidenceCells(
  evidence: EvidenceSource,
  grid: MapGrid,
): Promise<Float32Array> {
  const mask = await evidenceMask(evidence, grid);
  const picture = { width: grid.widthPx, height: grid.heightPx };
  return cellsOf(mask, grid.seen, picture, { width: grid.w, height: grid.h });
}

/** Evidence as a grey PNG over the whole picture, longer side at most `size`: 255 = evidence. */
export async function evidencePicture(
  evidence: EvidenceSource,
  picture: PictureSize,
  size: number,
): Promise<Uint8Array> {
  const { width, height } = fitted(picture, size);
  const { data } = resizeMask(await evidenceMask(evidence, picture), width, height);
  return fromPixels({ widthPx: width, heightPx: height, channels: 1, data })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

/** The picture's size brought down to a longer side of at most `side`. */
export function fitted(
  { widthPx, heightPx }: PictureSize,
  side: number,
): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, side / Math.max(widthPx, heightPx));
  return {
    width: Math.max(1, Math.round(widthPx * scale)),
    height: Math.max(1, Math.round(heightPx * scale)),
  };
}
