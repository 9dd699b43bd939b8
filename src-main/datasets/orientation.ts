import type { EvidenceShape } from "../../shared/domain/evidence.ts";
import { readStart } from "./file-start.ts";
import type { Mask } from "../../shared/geometry/mask.ts";

/**
 * Annotation files state sizes of the picture as it is stored or as it is shown; a camera that was turned makes the
 * difference. Only the EXIF orientation is read here, from the first bytes of a JPEG file.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;

/** The EXIF orientation of a JPEG file; 1 for every other file. */
export async function readOrientation(path: string): Promise<Orientation> {
  if (!/\.(jpe?g|jpe|jfif)$/i.test(path)) return 1;
  try {
    return orientationIn(await readStart(path, 4096));
  } catch {
    return 1; // unreadable pictures are reported when they are decoded
  }
}

function orientationIn(bytes: Buffer): Orientation {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return 1;
  for (let at = 2; at + 10 <= bytes.length;) {
    const marker = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    if (marker < 0xffe0 || marker > 0xffef || length < 2) return 1;
    if (marker === 0xffe1 && bytes.toString("latin1", at + 4, at + 8) === "Exif") {
      return orientationInTiff(bytes.subarray(at + 10, at + 2 + length));
    }
    at += 2 + length;
  }
  return 1;
}

function orientationInTiff(tiff: Buffer): Orientation {
  if (tiff.length < 8) return 1;
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const u16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const start = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (start + 2 > tiff.length) return 1;
  const entries = u16(start);
  for (let no = 0, at = start + 2; no < entries && at + 12 <= tiff.length; no++, at += 12) {
    if (u16(at) !== orientationTag) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? (value as Orientation) : 1; // sound: checked here
  }
  return 1;
}

/** A point of the stored picture on the picture as it is shown, both in fractions. */
export function turnPoint(orientation: Orientation, x: number, y: number): [number, number] {
  switch (orientation) {
    case 1:
      return [x, y];
    case 2:
      return [1 - x, y];
    case 3:
      return [1 - x, 1 - y];
    case 4:
      return [x, 1 - y];
    case 5:
      return [y, x];
    case 6:
      return [1 - y, x];
    case 7:
      return [1 - y, 1 - x];
    case 8:
      return [y, 1 - x];
  }
}

/** A shape of the stored picture on the picture as it is shown. */
export function turnShape(orientation: Orientation, shape: EvidenceShape): EvidenceShape {
  if (shape.kind === "polygon") {
    const rings = shape.rings.map((ring) => {
      const turned: number[] = [];
      for (let at = 0; at + 1 < ring.length; at += 2) {
        turned.push(...turnPoint(orientation, ring[at] ?? 0, ring[at + 1] ?? 0));
      }
      return turned;
    });
    return { kind: "polygon", rings };
  }
  const [ax, ay] = turnPoint(orientation, shape.x, shape.y);
  const [bx, by] = turnPoint(orientation, shape.x + shape.w, shape.y + shape.h);
  const [x, y] = [Math.min(ax, bx), Math.min(ay, by)];
  return { kind: "rect", x, y, w: Math.abs(bx - ax), h: Math.abs(by - ay) };
}

/** A mask of the stored picture on the picture as it is shown. */
export function turnMask(orientation: Orientation, mask: Mask): Mask {
  const isSideways = orientation >= 5;
  const width = isSideways ? mask.height : mask.width;
  const height = isSideways ? mask.width : mask.height;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const [fx, fy] = turnPoint(orientation, (x + 0.5) / mask.width, (y + 0.5) / mask.height);
      const at = Math.floor(fy * height) * width + Math.floor(fx * width);
      data[at] = mask.data[y * mask.width + x] ?? 0;
    }
  }
  return { width, height, data };
}
