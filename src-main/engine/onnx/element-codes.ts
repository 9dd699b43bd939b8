import type { ElementType } from "./graph.ts";

/** Element types by their number in onnx.proto. */
export const elementTypes: Readonly<Record<number, ElementType>> = {
  1: "f32",
  2: "u8",
  3: "i8",
  4: "u16",
  5: "i16",
  6: "i32",
  7: "i64",
  8: "string",
  9: "bool",
  10: "f16",
  11: "f64",
  12: "u32",
  13: "u64",
  16: "bf16",
};
/** The numbers, by type. */
export const elementCodes: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(elementTypes).map(([code, type]) => [type, Number(code)]),
);
