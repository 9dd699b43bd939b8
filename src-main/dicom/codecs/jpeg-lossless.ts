import { Damage } from "../damage.ts";
import { BitReader, readHuffmanTables, type HuffmanTables } from "./jpeg-entropy.ts";
import { isFrame, readFrameHeader, type Segment } from "./jpeg-markers.ts";
import { scansOf } from "./jpeg-scans.ts";

/**
 * Lossless JPEG (ITU-T T.81 annex H, process 14): each sample is a prediction from its left, upper and upper left
 * neighbour plus a Huffman-coded difference, modulo 2^16. Gives `[height, width, components]`.
 */
export function decodeLosslessJpeg(bytes: Uint8Array): Uint16Array {
  const { width, height, componentCount, componentIds, bitsPerSample } = readFrameHeader(bytes);
  const out = new Uint16Array(width * height * componentCount);
  const tables: HuffmanTables = new Map();
  let interval = 0;
  scansOf(bytes, {
    onSegment(segment) {
      if (segment.marker === 0xc4) readHuffmanTables(segment, tables);
      if (segment.marker === 0xdd) interval = segment.body[0] * 256 + segment.body[1];
      if (isFrame(segment.marker)) checkSampling(segment, componentCount);
    },
    onScan({ body, end }) {
      const parts = Array.from({ length: body[0] }, (_, i) => {
        const channel = componentIds.indexOf(body[1 + 2 * i]);
        const table = tables.get(body[2 + 2 * i] >>> 4);
        if (channel < 0 || !table) throw new Damage("bad-pixels");
        return { channel, table };
      });
      const predictor = body[1 + 2 * body[0]];
      const shift = body[3 + 2 * body[0]] & 15;
      const reader = new BitReader(bytes, end);
      const row = width * componentCount;
      const middle = 1 << (bitsPerSample - shift - 1);
      let untilRestart = interval;
      let isFirstRow = true;
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (interval > 0 && untilRestart-- === 0) {
            reader.restart();
            untilRestart = interval - 1;
            isFirstRow = true;
            if (x !== 0) throw new Damage("bad-pixels"); // the standard restarts at rows alone
          }
          for (const { channel, table } of parts) {
            const at = y * row + x * componentCount + channel;
            const left = out[at - componentCount];
            const above = out[at - row];
            const corner = out[at - row - componentCount];
            let guess: number;
            if (isFirstRow) guess = x === 0 ? middle : left;
            else if (x === 0) guess = above;
            else guess = predict(predictor, left, above, corner);
            const size = reader.symbol(table);
            if (size > 16) throw new Damage("bad-pixels");
            out[at] = guess + (size === 16 ? 32_768 : reader.difference(size));
          }
        }
        isFirstRow = false;
      }
      if (shift > 0)
        for (const { channel } of parts)
          for (let i = channel; i < out.length; i += componentCount) out[i] <<= shift;
      return reader.endOfScan();
    },
  });
  return out;
}

function predict(selection: number, a: number, b: number, c: number): number {
  switch (selection) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    case 7:
      return (a + b) >> 1;
    default:
      throw new Damage("bad-pixels");
  }
}

function checkSampling({ body }: Segment, componentCount: number): void {
  for (let i = 0; i < componentCount; i++)
    if (componentCount > 1 && body[7 + 3 * i] !== 0x11) throw new Damage("bad-pixels");
}
