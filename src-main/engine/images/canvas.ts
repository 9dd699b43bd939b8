import type { DecodedImage } from "./decode.ts";
import { decodeScaled, fromPixels, scaleDecoded } from "./scaled.ts";

/** A picture to draw on: RGBA, opaque. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray;
  /** The whole upright picture's size. */
  readonly fullWidthPx: number;
  readonly fullHeightPx: number;
  /** EXIF orientation that was applied. */
  readonly orientation: number;
}

/** A file's picture with its longer side of exactly `size`; small ones are enlarged smoothly. */
export async function canvasOf(source: string | DecodedImage, size: number): Promise<Canvas> {
  const image = await (typeof source === "string"
    ? decodeScaled(source, size)
    : scaleDecoded(source, size));
  const { data, info } = await fromPixels(image)
    .resize(size, size, { fit: "inside", kernel: "cubic" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    rgba: new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength),
    fullWidthPx: image.fullWidthPx,
    fullHeightPx: image.fullHeightPx,
    orientation: image.orientation,
  };
}

/** libvips on a canvas, or on RGBA of its size. */
export function fromCanvas(
  { width, height, rgba }: Pick<Canvas, "width" | "height" | "rgba">,
  drawn: Uint8ClampedArray = rgba,
) {
  const data = new Uint8Array(drawn.buffer, drawn.byteOffset, drawn.byteLength);
  return fromPixels({ widthPx: width, heightPx: height, channels: 4, data });
}
