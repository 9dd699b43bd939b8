import type { DecodedImage } from "./decode.ts";
import { toGrey } from "./prepare.ts";
import { decodeScaled, fromPixels, scaleDecoded, type ScaledImage } from "./scaled.ts";

/** A picture for the window. `width` and `height` are those of the whole upright picture. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Mean grey 0..255: the tile shown until the picture is there. */
  readonly averageGrey: number;
}

/** Longer side of a thumbnail. */
export const thumbnailSize = 256;

/** The upright picture as JPEG, longer side at most `size`; full colour resolution, so that thin marks stay. */
export async function picture(
  source: string | DecodedImage,
  size: number,
): Promise<EncodedPicture> {
  const image = await (typeof source === "string"
    ? decodeScaled(source, size)
    : scaleDecoded(source, size));
  return encode(image, size > thumbnailSize ? 92 : 82);
}

/** The thumbnail of a file. */
export function thumbnail(path: string): Promise<EncodedPicture> {
  return picture(path, thumbnailSize);
}

/** The thumbnail of a picture that a run has decoded anyway. */
export async function thumbnailOf(image: DecodedImage): Promise<EncodedPicture> {
  return encode(await scaleDecoded(image, thumbnailSize), 82);
}

/** Mean luma of a picture, a whole number. */
export function averageGreyOf(
  image: Pick<DecodedImage, "widthPx" | "heightPx" | "channels" | "data">,
): number {
  const { data } = toGrey(image);
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  return Math.round(sum / data.length);
}

async function encode(image: ScaledImage, quality: number): Promise<EncodedPicture> {
  const bytes = await fromPixels(image)
    .toColourspace(image.channels === 1 ? "b-w" : "srgb")
    .jpeg({ quality, chromaSubsampling: quality > 90 ? "4:4:4" : "4:2:0" })
    .toBuffer();
  return {
    bytes,
    width: image.fullWidthPx,
    height: image.fullHeightPx,
    averageGrey: averageGreyOf(image),
  };
}
