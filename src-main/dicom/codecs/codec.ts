import type { Photometric, PixelLayout } from "../facts.ts";

/** Whatever holds a frame's numbers. */
export type Values =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** A frame as its codec gives it: `values` is `[rows, columns, samplesPerPixel]`. */
export interface CodedFrame {
  readonly values: Values;
  /** What the values mean now: a codec may undo its own colour transform. */
  readonly photometric: Photometric;
}

/** One family of transfer syntaxes. `decode` throws `Damage`, or whatever its library throws. */
export interface Codec {
  readonly id: string;
  readonly label: string;
  readonly syntaxes: readonly string[];
  decode(bytes: Uint8Array, layout: PixelLayout): Promise<CodedFrame> | CodedFrame;
}

/** Types a codec where it is written. */
export function defineCodec(codec: Codec): Codec {
  return codec;
}

/** An empty array for whole numbers of a layout's size and sign. */
export function integersFor(
  { bitsAllocated, isSigned }: Pick<PixelLayout, "bitsAllocated" | "isSigned">,
  count: number,
): Exclude<Values, Float32Array | Float64Array> {
  if (bitsAllocated <= 8) return isSigned ? new Int8Array(count) : new Uint8Array(count);
  if (bitsAllocated <= 16) return isSigned ? new Int16Array(count) : new Uint16Array(count);
  return isSigned ? new Int32Array(count) : new Uint32Array(count);
}

/** Numbers in one frame. */
export function countOf({ rows, columns, samplesPerPixel }: PixelLayout): number {
  return rows * columns * samplesPerPixel;
}
