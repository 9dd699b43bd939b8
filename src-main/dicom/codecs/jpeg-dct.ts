import { Damage } from "../damage.ts";
import {
  BitReader,
  readHuffmanTables,
  type HuffmanTable,
  type HuffmanTables,
} from "./jpeg-entropy.ts";
import { isFrame, readFrameHeader, type Segment } from "./jpeg-markers.ts";
import { scansOf } from "./jpeg-scans.ts";

/** One colour of a frame: its quantised coefficients, 64 for each block, in natural order. */
interface Component {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  readonly quantisation: number;
  /** Blocks that carry the picture. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** Blocks in memory: whole minimum coded units. */
  readonly stride: number;
  readonly coefficients: Int16Array;
  previous: number;
}

interface Scan {
  readonly first: number;
  readonly last: number;
  /** Bits sent before, 0 for the first pass; and bits still missing. */
  readonly high: number;
  readonly low: number;
}

/**
 * JPEG by cosine transform with Huffman codes (ITU-T T.81 annexes F and G): sequential and progressive, 8 and 12 bits.
 * It exists for the 12 bits that libjpeg's usual build does not know. Gives `[height, width, components]`, colours as
 * coded, halved colours repeated.
 */
export function decodeDctJpeg(bytes: Uint8Array): Uint16Array {
  const header = readFrameHeader(bytes);
  const tables: HuffmanTables = new Map();
  const quantisations = new Map<number, Uint16Array>();
  let components: Component[] = [];
  let interval = 0;
  scansOf(bytes, {
    onSegment(segment) {
      if (segment.marker === 0xc4) readHuffmanTables(segment, tables);
      if (segment.marker === 0xdb) readQuantisations(segment, quantisations);
      if (segment.marker === 0xdd) interval = segment.body[0] * 256 + segment.body[1];
      if (isFrame(segment.marker)) components = componentsOf(segment, header);
    },
    onScan: ({ body, end }) =>
      decodeScan(bytes, end, body, { components, tables, interval, header }),
  });
  const { width, height, componentCount } = header;
  const out = new Uint16Array(width * height * componentCount);
  const most = Math.max(...components.map(({ across }) => across));
  const tallest = Math.max(...components.map(({ down }) => down));
  for (const [channel, component] of components.entries()) {
    const quantisation = quantisations.get(component.quantisation);
    if (!quantisation) throw new Damage("bad-pixels");
    const plane = planeOf(component, quantisation, header.bitsPerSample);
    const [dx, dy] = [component.across / most, component.down / tallest];
    for (let y = 0; y < height; y++) {
      const row = Math.floor(y * dy) * component.stride * 8;
      for (let x = 0; x < width; x++)
        out[(y * width + x) * componentCount + channel] = plane[row + Math.floor(x * dx)];
    }
  }
  return out;
}

// prettier-ignore
const natural = new Uint8Array([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55,
  62, 63,
]);

function readQuantisations({ body }: Segment, into: Map<number, Uint16Array>): void {
  let at = 0;
  while (at < body.length) {
    const [wide, key] = [body[at] >>> 4, body[at] & 15];
    const size = wide ? 2 : 1;
    if (at + 1 + 64 * size > body.length) throw new Damage("bad-pixels");
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++) {
      const p = at + 1 + i * size;
      table[natural[i]] = wide ? body[p] * 256 + body[p + 1] : body[p];
    }
    into.set(key, table);
    at += 1 + 64 * size;
  }
}

function componentsOf({ body }: Segment, { width, height }: { width: number; height: number }) {
  const parts = Array.from({ length: body[5] }, (_, i) => ({
    id: body[6 + 3 * i],
    across: body[7 + 3 * i] >>> 4,
    down: body[7 + 3 * i] & 15,
    quantisation: body[8 + 3 * i],
  }));
  const most = Math.max(...parts.map(({ across }) => across));
  const tallest = Math.max(...parts.map(({ down }) => down));
  if (parts.some(({ across, down }) => across < 1 || down < 1 || across > 4 || down > 4))
    throw new Damage("bad-pixels");
  const unitsWide = Math.ceil(width / (8 * most));
  const unitsHigh = Math.ceil(height / (8 * tallest));
  return parts.map((part): Component => {
    const stride = unitsWide * part.across;
    return {
      ...part,
      blocksWide: Math.ceil(Math.ceil((width * part.across) / most) / 8),
      blocksHigh: Math.ceil(Math.ceil((height * part.down) / tallest) / 8),
      stride,
      coefficients: new Int16Array(stride * unitsHigh * part.down * 64),
      previous: 0,
    };
  });
}

interface Known {
  readonly components: readonly Component[];
  readonly tables: HuffmanTables;
  readonly interval: number;
  readonly header: {
    readonly width: number;
    readonly height: number;
    readonly isProgressive: boolean;
  };
}

function decodeScan(bytes: Uint8Array, start: number, body: Uint8Array, known: Known): number {
  const { components, tables, interval, header } = known;
  const count = body[0];
  const parts = Array.from({ length: count }, (_, i) => {
    const component = components.find(({ id }) => id === body[1 + 2 * i]);
    if (!component) throw new Damage("bad-pixels");
    const selected = body[2 + 2 * i];
    const [dc, ac] = [tables.get(selected >>> 4), tables.get(16 + (selected & 15))];
    return { component, dc, ac };
  });
  const approximation = body[3 + 2 * count];
  const scan: Scan = {
    first: body[1 + 2 * count],
    last: Math.min(63, body[2 + 2 * count]),
    high: approximation >>> 4,
    low: approximation & 15,
  };
  const reader = new BitReader(bytes, start);
  const run = { left: 0 }; // blocks still to be passed over, progressive only
  const block = (part: (typeof parts)[number], column: number, row: number) => {
    const { component, dc, ac } = part;
    const at = (row * component.stride + column) * 64;
    if (!header.isProgressive) sequentialBlock(reader, component, at, dc, ac);
    else if (scan.first === 0) firstCoefficient(reader, component, at, scan, dc);
    else if (scan.high === 0) firstPass(reader, component, at, scan, run, ac);
    else laterPass(reader, component, at, scan, run, ac);
  };
  let untilRestart = interval;
  const mayRestart = () => {
    if (interval === 0 || untilRestart-- > 0) return;
    reader.restart();
    untilRestart = interval - 1;
    run.left = 0;
    for (const { component } of parts) component.previous = 0;
  };
  for (const { component } of parts) component.previous = 0;
  if (count === 1) {
    const [{ component }] = parts;
    for (let row = 0; row < component.blocksHigh; row++)
      for (let column = 0; column < component.blocksWide; column++) {
        mayRestart();
        block(parts[0], column, row);
      }
    return reader.endOfScan();
  }
  const [{ component: any }] = parts;
  const unitsWide = any.stride / any.across;
  const unitsHigh = any.coefficients.length / 64 / any.stride / any.down;
  for (let unitRow = 0; unitRow < unitsHigh; unitRow++)
    for (let unit = 0; unit < unitsWide; unit++) {
      mayRestart();
      for (const part of parts) {
        const { across, down } = part.component;
        for (let v = 0; v < down; v++)
          for (let h = 0; h < across; h++) block(part, unit * across + h, unitRow * down + v);
      }
    }
  return reader.endOfScan();
}

function sequentialBlock(
  reader: BitReader,
  component: Component,
  at: number,
  dc: HuffmanTable | undefined,
  ac: HuffmanTable | undefined,
): void {
  if (!dc || !ac) throw new Damage("bad-pixels");
  const { coefficients } = component;
  component.previous += reader.difference(reader.symbol(dc) & 15);
  coefficients[at] = component.previous;
  for (let k = 1; k < 64; k++) {
    const symbol = reader.symbol(ac);
    const [zeros, size] = [symbol >>> 4, symbol & 15];
    if (size === 0) {
      if (zeros < 15) return;
      k += 15;
      continue;
    }
    k += zeros;
    if (k > 63) throw new Damage("bad-pixels");
    coefficients[at + natural[k]] = reader.difference(size);
  }
}

function firstCoefficient(
  reader: BitReader,
  component: Component,
  at: number,
  { high, low }: Scan,
  dc: HuffmanTable | undefined,
): void {
  if (high > 0) {
    component.coefficients[at] |= reader.take(1) << low;
    return;
  }
  if (!dc) throw new Damage("bad-pixels");
  component.previous += reader.difference(reader.symbol(dc) & 15);
  component.coefficients[at] = component.previous << low;
}

function firstPass(
  reader: BitReader,
  { coefficients }: Component,
  at: number,
  { first, last, low }: Scan,
  run: { left: number },
  ac: HuffmanTable | undefined,
): void {
  if (run.left > 0) {
    run.left--;
    return;
  }
  if (!ac) throw new Damage("bad-pixels");
  for (let k = first; k <= last; k++) {
    const symbol = reader.symbol(ac);
    const [zeros, size] = [symbol >>> 4, symbol & 15];
    if (size === 0 && zeros < 15) {
      run.left = (1 << zeros) - 1 + reader.take(zeros);
      return;
    }
    k += zeros;
    if (size === 0) continue;
    if (k > 63) throw new Damage("bad-pixels");
    coefficients[at + natural[k]] = reader.difference(size) * (1 << low);
  }
}

/** One more bit for coefficients that are known, and the first bit of new ones between them (annex G.1.2.3). */
function laterPass(
  reader: BitReader,
  { coefficients }: Component,
  at: number,
  { first, last, low }: Scan,
  run: { left: number },
  ac: HuffmanTable | undefined,
): void {
  const bit = 1 << low;
  let k = first;
  const refine = (p: number) => {
    if (reader.take(1) && (Math.abs(coefficients[p]) & bit) === 0)
      coefficients[p] += coefficients[p] > 0 ? bit : -bit;
  };
  if (run.left === 0) {
    if (!ac) throw new Damage("bad-pixels");
    for (; k <= last; k++) {
      const symbol = reader.symbol(ac);
      const size = symbol & 15;
      let zeros = symbol >>> 4;
      let value = 0;
      if (size === 0 && zeros < 15) {
        run.left = (1 << zeros) + reader.take(zeros);
        break;
      }
      if (size > 0) value = reader.take(1) ? bit : -bit;
      for (; k <= last; k++) {
        const p = at + natural[k];
        if (coefficients[p] !== 0) refine(p);
        else if (zeros-- === 0) {
          coefficients[p] = value;
          break;
        }
      }
    }
  }
  if (run.left === 0) return;
  for (; k <= last; k++) {
    const p = at + natural[k];
    if (coefficients[p] !== 0) refine(p);
  }
  run.left--;
}

const cosines = Float64Array.from({ length: 64 }, (_, i) => {
  const [x, u] = [i >>> 3, i & 7];
  return (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
});

/** Samples of one component, `[blocks high * 8, stride * 8]`. */
function planeOf(component: Component, quantisation: Uint16Array, bits: number): Uint16Array {
  const { coefficients, stride } = component;
  const plane = new Uint16Array(coefficients.length);
  const [middle, most] = [2 ** (bits - 1), 2 ** bits - 1];
  const half = new Float64Array(64);
  for (let block = 0; block * 64 < coefficients.length; block++) {
    const at = block * 64;
    for (let v = 0; v < 8; v++)
      for (let x = 0; x < 8; x++) {
        let sum = 0;
        for (let u = 0; u < 8; u++) {
          const value = coefficients[at + v * 8 + u];
          if (value !== 0) sum += value * quantisation[v * 8 + u] * cosines[x * 8 + u];
        }
        half[v * 8 + x] = sum;
      }
    const [column, row] = [block % stride, Math.floor(block / stride)];
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++) {
        let sum = middle;
        for (let v = 0; v < 8; v++) sum += half[v * 8 + x] * cosines[y * 8 + v];
        plane[(row * 8 + y) * stride * 8 + column * 8 + x] = Math.min(
          most,
          Math.max(0, Math.round(sum)),
        );
      }
  }
  return plane;
}
