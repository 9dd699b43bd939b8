import { Damage } from "../damage.ts";
import type { PixelLayout } from "../facts.ts";
import { countOf, integersFor, type Values } from "./codec.ts";

/** What a codestream says of its numbers. */
interface Coded {
  readonly width: number;
  readonly height: number;
  readonly componentCount: number;
  readonly bitsPerSample: number;
  readonly isSigned?: boolean;
}

/** A codec's bytes as numbers of the header's kind. */
export function samplesOf(bytes: Uint8Array, frame: Coded, layout: PixelLayout): Values {
  checkSize(frame, layout);
  const width = frame.bitsPerSample > 16 ? 4 : frame.bitsPerSample > 8 ? 2 : 1;
  if (bytes.length < countOf(layout) * width) throw new Damage("truncated");
  return converted(numbersIn(bytes, width, frame.isSigned === true), frame, layout);
}

/**
 * Numbers as the header's kind. Where header and codestream differ in sign, the bits are kept and read as the header
 * says, the codestream's top bit being the sign.
 */
export function converted(
  source: Values,
  { bitsPerSample: bits, isSigned }: Pick<Coded, "bitsPerSample" | "isSigned">,
  layout: PixelLayout,
): Values {
  const count = countOf(layout);
  const bitsAllocated = Math.max(layout.bitsAllocated, bits);
  const values = integersFor({ ...layout, bitsAllocated }, count);
  const shift = 32 - bits;
  if (layout.isSigned && isSigned !== true && bits < 32)
    for (let i = 0; i < count; i++) values[i] = (source[i] << shift) >> shift;
  else if (!layout.isSigned && isSigned === true && bits < 32)
    for (let i = 0; i < count; i++) values[i] = (source[i] << shift) >>> shift;
  else for (let i = 0; i < count; i++) values[i] = source[i];
  return values;
}

/** Refuses a codestream whose size is not the header's. */
export function checkSize(
  frame: { readonly width: number; readonly height: number; readonly componentCount: number },
  layout: PixelLayout,
): void {
  const isSame =
    frame.width === layout.columns &&
    frame.height === layout.rows &&
    frame.componentCount === layout.samplesPerPixel;
  if (!isSame) throw new Damage("other-size");
}

function numbersIn(bytes: Uint8Array, width: 1 | 2 | 4, isSigned: boolean): Values {
  if (width === 1)
    return isSigned ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  const even = bytes.byteOffset % width ? bytes.slice() : bytes;
  const count = Math.floor(even.length / width);
  const { buffer, byteOffset } = even;
  if (width === 2)
    return isSigned
      ? new Int16Array(buffer, byteOffset, count)
      : new Uint16Array(buffer, byteOffset, count);
  return isSigned
    ? new Int32Array(buffer, byteOffset, count)
    : new Uint32Array(buffer, byteOffset, count);
}
