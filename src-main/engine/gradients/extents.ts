import type { ValueShape } from "../onnx/graph.ts";
import type { Extent } from "./rule.ts";

/** A dim that does not depend on the batch. */
export function fixed(size: number): Extent {
  return { size, batch: 0 };
}

/** The dims of a value as extents. */
export function extentsOf(shape: ValueShape): Extent[] {
  return shape.dims.map((size, i) => ({ size, batch: shape.batchFactor[i] ?? 0 }));
}

/** The extent of dims flattened into one. */
export function product(extents: readonly Extent[]): Extent {
  const size = extents.reduce((product, extent) => product * extent.size, 1);
  const batched = extents.filter((extent) => extent.batch);
  if (batched.length > 1) throw new RangeError("two dims of one value grow with the batch");
  const [only] = batched;
  return { size, batch: only ? (only.batch * size) / only.size : 0 };
}

export function isSame(a: readonly Extent[], b: readonly Extent[]): boolean {
  return (
    a.length === b.length && a.every((x, i) => x.size === b[i]?.size && x.batch === b[i].batch)
  );
}

/** A negative axis counts from the end. */
export function wrapAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** 0, 1, …, count − 1. */
export function range(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** Start and step clamped as Slice clamps them, and how many elements are taken. */
export function sliced(size: number, start: number, end: number, step: number) {
  const clamp = (value: number, low: number, high: number) =>
    Math.min(Math.max(value < 0 ? value + size : value, low), high);
  const from = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
  const to = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1);
  return { from, count: Math.max(0, Math.ceil((to - from) / step)) };
}
