import type { ElementType, ValueShape } from "../onnx/graph.ts";
import { extentsOf, fixed, range } from "./extents.ts";
import type { Attributes, Extent } from "./rule.ts";

/** What is known of an emitted value; a shape tensor also knows the dims it states. */
export interface Known {
  readonly type: ElementType;
  readonly extents: readonly Extent[];
  /** The numbers of a small constant, or integers that were equal in all probe runs. */
  readonly values?: readonly number[];
  readonly stated?: readonly Extent[];
}

/** A node about to be emitted. */
export interface Emitted {
  readonly op: string;
  readonly inputs: readonly Known[];
  readonly attributes: Attributes;
  readonly outputs: number;
}
/** Types and dims of what a node writes. */
export type Infer = (emitted: Emitted) => Known | readonly Known[];
/** One rule for several operators, their names parted by blanks. */
export type InferTable = readonly (readonly [ops: string, infer: Infer])[];

/** What pass `shapes` knows, in the form used here. */
export function knownOf(shape: ValueShape): Known {
  const extents = extentsOf(shape);
  return shape.integers
    ? { type: shape.type, extents, values: shape.integers }
    : { type: shape.type, extents };
}

/** The first input. */
export function first(emitted: Emitted): Known {
  return input(emitted, 0);
}

/** An input that must be there. */
export function input({ op, inputs }: Emitted, index: number): Known {
  return inputs[index] ?? fault(op, `has no input ${index}`);
}

/** A mistake of the rule that emits. */
export function fault(op: string, why: string): never {
  throw new RangeError(`emitted ${op} ${why}`);
}

/** The numbers an input is known to hold. */
export function values(emitted: Emitted, index: number): readonly number[] {
  return input(emitted, index).values ?? fault(emitted.op, `reads unknown numbers at ${index}`);
}

/** A numeric attribute, or its default. */
export function number({ op, attributes }: Emitted, name: string, otherwise?: number): number {
  const value = attributes[name] ?? otherwise;
  return typeof value === "number" ? value : fault(op, `has no number ${name}`);
}

/** A list attribute. */
export function list({ attributes }: Emitted, name: string): readonly number[] | undefined {
  const value = attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : undefined; // attributes hold no other arrays
}

/** Dims of values broadcast against each other. */
export function broadcast(op: string, values: readonly Known[]): Extent[] {
  const rank = Math.max(...values.map((value) => value.extents.length));
  return range(rank).map((i) => {
    let result = fixed(1);
    for (const { extents } of values) {
      const extent = extents[i - rank + extents.length] ?? fixed(1);
      if (extent.size === 1 && !extent.batch) continue;
      if (result.size !== 1 && result.size !== extent.size)
        fault(op, `cannot broadcast ${values.map((v) => `[${show(v.extents)}]`).join(" and ")}`);
      result = extent;
    }
    return result;
  });
}

/** Dims as `2N, 3, 4`. */
export function show(extents: readonly Extent[]): string {
  return extents
    .map(({ size, batch }) => (batch ? `${batch === 1 ? "" : batch}N` : String(size)))
    .join(", ");
}
