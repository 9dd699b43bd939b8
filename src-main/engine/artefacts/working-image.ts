/** A picture as decoded: `data` is `[height, width, channels]`, 0..255. */
export interface Pixels {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/**
 * The small picture that detectors look at: longer side at most 512, each pixel the mean of a square of `factor` × `factor`
 * source pixels (the last column and row of what is left of it).
 */
export interface WorkingImage {
  readonly width: number;
  readonly height: number;
  readonly factor: number;
  /** Luma, `[height, width]`. */
  readonly grey: Uint8Array;
  /** `[height, width, 3]`; null where the picture has no colour. */
  readonly rgb: Uint8Array | null;
}

const longestSide = 512;

export function toWorkingImage(image: Pixels): WorkingImage {
  const { widthPx, heightPx, channels } = image;
  const factor = Math.ceil(Math.max(widthPx, heightPx) / longestSide);
  const width = Math.ceil(widthPx / factor);
  const height = Math.ceil(heightPx / factor);
  const small = factor === 1 ? image.data : shrink(image, factor, width, height);
  if (channels === 1) return { width, height, factor, grey: small, rgb: null };
  const grey = new Uint8Array(width * height);
  let isColour = false;
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    const [r, g, b] = [small[j], small[j + 1], small[j + 2]];
    grey[i] = (r * 19595 + g * 38470 + b * 7471 + 32768) >> 16;
    isColour ||= Math.abs(r - g) > 8 || Math.abs(g - b) > 8;
  }
  return { width, height, factor, grey, rgb: isColour ? small : null };
}

/** Box means; of large boxes every second or third sample, which no detector can tell. */
function shrink(image: Pixels, factor: number, width: number, height: number): Uint8Array {
  const { widthPx, heightPx, channels, data } = image;
  const step = Math.max(1, Math.floor(factor / 3));
  const out = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const bottom = Math.min(heightPx, (y + 1) * factor);
    for (let x = 0; x < width; x++) {
      const right = Math.min(widthPx, (x + 1) * factor);
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        let count = 0;
        for (let v = y * factor; v < bottom; v += step)
          for (let u = x * factor; u < right; u += step, count++)
            sum += data[(v * widthPx + u) * channels + c];
        out[(y * width + x) * channels + c] = Math.round(sum / count);
      }
    }
  }
  return out;
}
