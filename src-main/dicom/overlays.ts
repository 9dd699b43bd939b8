import type { DataSet } from "./data-set.ts";

/** One overlay: drawn lines or letters beside the pixels. Letters may be names. */
export interface Overlay {
  readonly rows: number;
  readonly columns: number;
  /** Row and column, from 0, of its first pixel in the image. */
  readonly top: number;
  readonly left: number;
  readonly label: string;
  /** `[rows, columns]`, 1 where it is drawn. */
  readonly plane: Uint8Array;
}

/** Overlays of a frame that lie in elements of their own (groups 6000 to 601E). */
export function overlaysOf(dataSet: DataSet, frame: number): Overlay[] {
  const found: Overlay[] = [];
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const tag = (element: number) => group * 0x10000 + element;
    const [rows, columns] = [dataSet.word(tag(0x0010)), dataSet.word(tag(0x0011))];
    const bits = dataSet.bytes(tag(0x3000));
    if (!rows || !columns || !bits) continue;
    const frames = Math.max(1, dataSet.decimal(tag(0x0015)) ?? 1);
    const firstFrame = (dataSet.words(tag(0x0051))[0] ?? 1) - 1;
    const own = frames === 1 ? 0 : frame - firstFrame;
    const start = own * rows * columns;
    if (own < 0 || own >= frames || (start + rows * columns + 7) >>> 3 > bits.length) continue;
    const plane = new Uint8Array(rows * columns);
    for (let i = 0; i < plane.length; i++) {
      const bit = start + i;
      const at = dataSet.reading.isBigEndian && isWord(dataSet, tag(0x3000)) ? bit ^ 8 : bit;
      plane[i] = (bits[at >>> 3] >>> (at & 7)) & 1;
    }
    const [top = 1, left = 1] = dataSet.shorts(tag(0x0050), true);
    const label = dataSet.text(tag(0x1500));
    found.push({ rows, columns, top: top - 1, left: left - 1, label, plane });
  }
  return found;
}

/** Bit positions of overlays that hide in unused bits of the pixels, by group. */
export function hiddenOverlayBits(dataSet: DataSet): number[] {
  const bits: number[] = [];
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const position = dataSet.word(group * 0x10000 + 0x0102);
    const isHere = dataSet.has(group * 0x10000 + 0x3000);
    if (position && !isHere) bits.push(position);
  }
  return bits;
}

function isWord(dataSet: DataSet, tag: number): boolean {
  return dataSet.elements.get(tag)?.vr !== "OB";
}
