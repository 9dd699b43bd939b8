import { enlargeSmooth } from "../../../shared/heatmap/enlarge.ts";
import { extent } from "../kernels/maps.ts";
import type { MapItem, MapTools } from "./method.ts";

/** Channels with any contrast: the others have no mask. */
export function contrastingChannels({ activations, k, h, w }: MapItem): number[] {
  const n = h * w;
  return Array.from({ length: k }, (_, channel) => channel).filter((channel) => {
    const [min, max] = extent(activations.subarray(channel * n, (channel + 1) * n));
    return max > min;
  });
}

/** A map `[H,W]` as a mask 0..1 over the input's pixels: enlarged first (bilinear, half-pixel), then min-max. */
export function maskFrom(map: ArrayLike<number>, item: MapItem): Float32Array {
  const { height, width } = sizesOf(item);
  const mask = enlargeSmooth(map, item.h, item.w, height, width);
  const [min, max] = extent(mask);
  const scale = max > min ? 1 / (max - min) : 0;
  return mask.map((value) => (value - min) * scale);
}

/** The mask of one channel. */
export function channelMask(item: MapItem, channel: number): Float32Array {
  const n = item.h * item.w;
  return maskFrom(item.activations.subarray(channel * n, (channel + 1) * n), item);
}

/** `x ⊙ M`, all colour channels under one mask: 0 is 0 of the prepared input. */
export function writeMasked(item: MapItem, mask: ArrayLike<number>, out: Float32Array): void {
  const { image, layout } = item;
  const { colours, height, width } = sizesOf(item);
  const pixels = height * width;
  for (let p = 0; p < pixels; p++)
    for (let colour = 0; colour < colours; colour++) {
      const at = layout === "NCHW" ? colour * pixels + p : p * colours + colour;
      out[at] = image.data[at] * mask[p];
    }
}

/** Sizes of the prepared input. */
export function sizesOf({ image, layout }: MapItem) {
  const [, a, b, c] = image.dims;
  const [colours, height, width] = layout === "NCHW" ? [a, b, c] : [c, a, b];
  return { colours, height, width };
}

/** Logits `[C]` of `count` inputs, written one after the other in order, run in the chunks that one pass carries. */
export async function logitsOf(
  tools: MapTools,
  { image }: MapItem,
  count: number,
  write: (index: number, out: Float32Array) => void,
): Promise<Float32Array[]> {
  const size = image.data.length;
  const all: Float32Array[] = [];
  for (let from = 0; from < count; from += tools.forwardChunk) {
    const rows = Math.min(tools.forwardChunk, count - from);
    const data = new Float32Array(rows * size);
    for (let row = 0; row < rows; row++)
      write(from + row, data.subarray(row * size, (row + 1) * size));
    const logits = (await tools.forward({ dims: [rows, ...image.dims.slice(1)], data })).data;
    const classes = logits.length / rows;
    for (let row = 0; row < rows; row++)
      all.push(logits.subarray(row * classes, (row + 1) * classes));
  }
  return all;
}
