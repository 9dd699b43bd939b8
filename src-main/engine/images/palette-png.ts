import { crc32, deflateSync } from "node:zlib";

/** `count` colours of Pascal VOC's palette: the bits of an index, three by three, from the top bit of each channel down. */
export function vocColours(count = 256): Uint8Array {
  const colours = new Uint8Array(count * 3);
  for (let index = 0; index < count; index++)
    for (let left = index, bit = 7; left > 0; left >>= 3, bit--)
      for (let channel = 0; channel < 3; channel++)
        colours[3 * index + channel] |= ((left >> channel) & 1) << bit;
  return colours;
}

/**
 * Indices `[height,width]` as a palette PNG whose pixels are those very numbers. (Encoders that choose a palette by themselves
 * renumber it.)
 */
export function palettePng(
  indices: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  colours = vocColours(),
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // eight bits, palette, deflate, no filter method but 0, not interlaced
  const rows = Buffer.alloc((width + 1) * height); // each begins with filter 0
  for (let y = 0; y < height; y++)
    rows.set(indices.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(kind: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(kind, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
