import { crc32, deflateSync } from "node:zlib";

/** How a pixel is a raw value again: `low + pixel / 65535 × (high − low)`. */
export interface GreyRange {
  readonly low: number;
  readonly high: number;
  /** Cells without a number, written as 0. */
  readonly undefined: number;
}

/** A map as a PNG of 16-bit grey over its own range, one pixel for each cell of `values[height, width]`. */
export function greyPngOf(
  values: Float32Array,
  height: number,
  width: number,
): { readonly bytes: Uint8Array; readonly range: GreyRange } {
  let [low, high, missing] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) missing++;
    else {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) [low, high] = [0, 0];
  const scale = high > low ? 65535 / (high - low) : 0;
  const rows = Buffer.alloc(height * (1 + 2 * width)); // each row begins with its filter, 0: none
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x];
      const grey = Number.isFinite(value) ? Math.round((value - low) * scale) : 0;
      rows.writeUInt16BE(grey, y * (1 + 2 * width) + 1 + 2 * x);
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([16, 0, 0, 0, 0], 8); // 16 bits of grey
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const bytes = Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  return { bytes: new Uint8Array(bytes), range: { low, high, undefined: missing } };
}

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
