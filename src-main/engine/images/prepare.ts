import { placementOf, seenAreaOf, type Placement } from "../../../shared/geometry/placement.ts";
import type { Preparation, SeenArea } from "../../../shared/domain/preparation.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { DecodedImage } from "./decode.ts";
import { resample } from "./resample.ts";

/** A picture as the model reads it, and where that lies on the picture. */
export interface PreparedImage {
  /** `[C,H,W]` or `[H,W,C]`, as the preparation's layout says; the batch axis is the caller's. */
  readonly input: Float32Array;
  readonly seen: SeenArea;
}

type Pixels = Pick<DecodedImage, "widthPx" | "heightPx" | "channels" | "data">;

/** Values one picture takes in the model's input. */
export function inputSize(preparation: Preparation): number {
  const { widthPx, heightPx, channels } = preparation;
  return widthPx * heightPx * (channels === "grey" ? 1 : 3);
}

/** Prepares one picture. `file` names it in the error of a size the geometry `none` does not take. */
export function prepare(image: Pixels, preparation: Preparation, file = ""): PreparedImage {
  const input = new Float32Array(inputSize(preparation));
  return { input, seen: prepareInto(image, preparation, input, file) };
}

/** As `prepare`, into a caller's slice of a batch. */
export function prepareInto(
  image: Pixels,
  preparation: Preparation,
  input: Float32Array,
  file = "",
): SeenArea {
  const { widthPx, heightPx, channels } = preparation;
  const placement = placementOf(preparation, image.widthPx, image.heightPx);
  if (!placement)
    fail("image/wrong-size", {
      file,
      width: image.widthPx,
      height: image.heightPx,
      wantedWidth: widthPx,
      wantedHeight: heightPx,
    });
  const source = channels === "grey" ? toGrey(image) : image;
  const window = insideOf(preparation, placement);
  const pixels = resample(source, preparation.resample, window);

  const count = channels === "grey" ? 1 : 3;
  const isFirst = preparation.layout === "NCHW";
  const plane = widthPx * heightPx;
  const isWhole = window.width * window.height === plane;
  for (let c = 0; c < count; c++) {
    const { mean, std, scale } = preparation;
    const value = (x: number) => (x / scale - mean[c]) / std[c];
    const from = source.channels === 1 ? 0 : channels === "bgr" ? 2 - c : c;
    const step = isFirst ? 1 : count;
    const base = isFirst ? c * plane : c;
    if (!isWhole) for (let i = 0; i < plane; i++) input[base + i * step] = value(0); // black
    const table =
      pixels instanceof Uint8Array ? Float32Array.from({ length: 256 }, (_, x) => value(x)) : null;
    for (let y = 0; y < window.height; y++) {
      const row = (y + window.top - placement.top) * widthPx + window.left - placement.left;
      let to = base + row * step;
      let at = y * window.width * source.channels + from;
      for (let x = 0; x < window.width; x++, to += step, at += source.channels)
        input[to] = table ? table[pixels[at]] : value(pixels[at]);
    }
  }
  return seenAreaOf(preparation, placement, image.widthPx, image.heightPx);
}

/** The part of the model's window that lies on the scaled picture. */
function insideOf(preparation: Preparation, placement: Placement) {
  const { scaledWidth, scaledHeight } = placement;
  const left = Math.max(0, placement.left);
  const top = Math.max(0, placement.top);
  const right = Math.min(scaledWidth, placement.left + preparation.widthPx);
  const bottom = Math.min(scaledHeight, placement.top + preparation.heightPx);
  return { scaledWidth, scaledHeight, left, top, width: right - left, height: bottom - top };
}

/** Luma of ITU-R BT.601, as Pillow's "L": `0.299 R + 0.587 G + 0.114 B`, rounded to a byte. */
export function toGrey(image: Pixels): Pixels & { readonly channels: 1 } {
  if (image.channels === 1) return { ...image, channels: 1 };
  const { widthPx, heightPx, data } = image;
  const grey = new Uint8Array(widthPx * heightPx);
  for (let i = 0, j = 0; i < grey.length; i++, j += 3)
    grey[i] = (data[j] * 19595 + data[j + 1] * 38470 + data[j + 2] * 7471 + 32768) >> 16;
  return { widthPx, heightPx, channels: 1, data: grey };
}
