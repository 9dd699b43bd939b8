import { basename } from "node:path";
import { AppError, fail } from "../../../shared/errors/app-error.ts";
import { pictureFile, type PicturePath } from "../../../shared/domain/picture-path.ts";
import { decodeImage, faultOf, type DecodedImage } from "./decode.ts";
import { readImageFile } from "./file.ts";
import { sniffFormat } from "./format.ts";
import { checkPixels } from "./limits.ts";
import { sharp } from "./sharp.ts";

/** A picture made small for looking at, with the size it has in full. */
export interface ScaledImage extends Pick<
  DecodedImage,
  "widthPx" | "heightPx" | "channels" | "data"
> {
  readonly fullWidthPx: number;
  readonly fullHeightPx: number;
  /** EXIF orientation that was applied. */
  readonly orientation: number;
}

/**
 * A picture with its longer side at most `size`, never enlarged. JPEG is unpacked at reduced size where that helps:
 * some ten times faster on a phone's photo, and not the bytes a model reads, so models get `decodeImage`.
 */
export async function decodeScaled(path: PicturePath, size: number): Promise<ScaledImage> {
  if (pictureFile(path).frame !== null) return scaleDecoded(await decodeImage(path), size);
  const file = basename(path);
  const bytes = await readImageFile(path);
  const sniffed = sniffFormat(bytes);
  const isSharps = sniffed.kind === "readable" && !["bmp", "dicom"].includes(sniffed.format);
  if (bytes.length === 0 || !isSharps) return scaleDecoded(await decodeImage(bytes, file), size);
  try {
    const image = sharp(bytes, { limitInputPixels: false, failOn: "error" });
    const header = await image.metadata();
    checkPixels(file, header.width, header.height);
    if (header.depth !== "uchar" && header.depth !== "ushort" && header.space !== "labs")
      fail("image/unreadable", { file, why: "float-pixels" });
    const isGrey = header.space === "b-w" || header.space === "grey16";
    const { data, info } = await image
      .autoOrient()
      .resize(size, size, { fit: "inside", withoutEnlargement: true })
      .flatten({ background: "white" })
      .toColourspace(isGrey ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return {
      widthPx: info.width,
      heightPx: info.height,
      channels: info.channels === 1 ? 1 : 3,
      data,
      fullWidthPx: header.autoOrient.width,
      fullHeightPx: header.autoOrient.height,
      orientation: header.orientation ?? 1,
    };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return fail("image/unreadable", { file, why: faultOf(error) }, { cause: error });
  }
}

/** As `decodeScaled`, of a picture already decoded. */
export async function scaleDecoded(
  image: Pick<DecodedImage, "widthPx" | "heightPx" | "channels" | "data" | "orientation">,
  size: number,
): Promise<ScaledImage> {
  const { orientation } = image;
  const full = { fullWidthPx: image.widthPx, fullHeightPx: image.heightPx, orientation };
  if (Math.max(image.widthPx, image.heightPx) <= size) return { ...image, ...full };
  const { data, info } = await fromPixels(image)
    .resize(size, size, { fit: "inside" })
    .toColourspace(image.channels === 1 ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { widthPx: info.width, heightPx: info.height, channels: image.channels, data, ...full };
}

/** libvips on pixels in memory. */
export function fromPixels(image: {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly data: Uint8Array;
}) {
  const { widthPx, heightPx, channels, data } = image;
  return sharp(data, { raw: { width: widthPx, height: heightPx, channels } });
}
