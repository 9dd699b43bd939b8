import type { Constant, ElementType } from "./graph.ts";

/** Bytes per element; strings have none. */
export const elementBytes: Readonly<Record<ElementType, number>> = {
  f32: 4,
  f64: 8,
  f16: 2,
  bf16: 2,
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  bool: 1,
  string: 0,
};

/** Whether gradients can flow through values of this type. */
export function isFloat(type: ElementType): boolean {
  return type === "f32" || type === "f64" || type === "f16" || type === "bf16";
}

/** Whether values of this type are integers that fit a JavaScript number in practice. */
export function isInteger(type: ElementType): boolean {
  return !isFloat(type) && type !== "string" && type !== "bool";
}

/** Number of elements of these dims. */
export function countOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A float32 constant; one-dimensional unless `dims` say otherwise. */
export function floatConstant(
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): Constant {
  return { type: "f32", dims, bytes: bytesOf(Float32Array.from(values)) };
}

/** An int64 constant; one-dimensional unless `dims` say otherwise. */
export function intConstant(
  values: readonly number[],
  dims: readonly number[] = [values.length],
): Constant {
  return { type: "i64", dims, bytes: bytesOf(BigInt64Array.from(values, toInt64)) };
}

/** A constant of any numeric type, filled with one value. */
export function filledConstant(
  type: ElementType,
  value: number,
  dims: readonly number[] = [],
): Constant {
  const size = elementBytes[type];
  const bytes = new Uint8Array(countOf(dims) * size);
  if (value === 0 || bytes.length === 0) return { type, dims, bytes };
  writeElement(new DataView(bytes.buffer), type, value);
  for (let at = size; at < bytes.length; at += size) bytes.copyWithin(at, 0, size);
  return { type, dims, bytes };
}

/** A key that two constants share when they are equal. */
export function keyOf({ type, dims, bytes }: Constant): string {
  return `${type}[${dims.join()}]${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")}`;
}

/** The bytes behind a typed array, not copied. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** The elements of a constant of any numeric type as numbers (int64 beyond 2^53 loses its last digits). */
export function numbersOf(constant: Constant): number[] {
  const count = countOf(constant.dims);
  const size = elementBytes[constant.type];
  const { bytes } = constant;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) values[i] = readElement(view, constant.type, i * size);
  return values;
}

/** The elements as float32; shares memory when the constant is float32 and aligned. */
export function floatsOf(constant: Constant): Float32Array {
  if (constant.type !== "f32") return Float32Array.from(numbersOf(constant));
  const { bytes } = constant;
  if (bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return new Float32Array(bytes.slice().buffer);
}

/** The strings of a constant of type "string". */
export function stringsOf(constant: Constant): string[] {
  const { bytes } = constant;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    strings.push(new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return strings;
}

/** A number as int64, clamped: exporters write "to the end" as the largest int64, which no double holds. */
export function toInt64(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value < -(2 ** 63)) return -(2n ** 63n);
  return BigInt(Math.trunc(value));
}

function readElement(view: DataView, type: ElementType, at: number): number {
  switch (type) {
    case "f32":
      return view.getFloat32(at, true);
    case "f64":
      return view.getFloat64(at, true);
    case "f16":
      return halfToNumber(view.getUint16(at, true));
    case "bf16":
      return bfloatToNumber(view.getUint16(at, true));
    case "i8":
      return view.getInt8(at);
    case "u8":
    case "bool":
      return view.getUint8(at);
    case "i16":
      return view.getInt16(at, true);
    case "u16":
      return view.getUint16(at, true);
    case "i32":
      return view.getInt32(at, true);
    case "u32":
      return view.getUint32(at, true);
    case "i64":
      return Number(view.getBigInt64(at, true));
    case "u64":
      return Number(view.getBigUint64(at, true));
    case "string":
      throw new RangeError("strings have no numbers");
  }
}

function writeElement(view: DataView, type: ElementType, value: number): void {
  switch (type) {
    case "f32":
      return view.setFloat32(0, value, true);
    case "f64":
      return view.setFloat64(0, value, true);
    case "f16":
      return view.setUint16(0, numberToHalf(value), true);
    case "bf16":
      throw new RangeError("bfloat16 is widened before it is written");
    case "i8":
      return view.setInt8(0, value);
    case "u8":
    case "bool":
      return view.setUint8(0, value);
    case "i16":
      return view.setInt16(0, value, true);
    case "u16":
      return view.setUint16(0, value, true);
    case "i32":
      return view.setInt32(0, value, true);
    case "u32":
      return view.setUint32(0, value, true);
    case "i64":
      return view.setBigInt64(0, toInt64(value), true);
    case "u64":
      return view.setBigUint64(0, BigInt(Math.trunc(value)), true);
    case "string":
      throw new RangeError("strings have no numbers");
  }
}

/** IEEE half precision, its sixteen bits, as a number. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest half-precision number's bits, ties to even. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  return sign | (((exponent + 15) << 10) + roundEven((magnitude / 2 ** exponent - 1) * 1024));
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

const scratch = new DataView(new ArrayBuffer(4));

function bfloatToNumber(bits: number): number {
  scratch.setUint16(2, bits, true);
  scratch.setUint16(0, 0, true);
  return scratch.getFloat32(0, true);
}
