import type { Constant, ElementType, Node, Shapes, ValueShape } from "../onnx/graph.ts";

/** Values of attributes as rules write them; the emitter turns them into the wire's kinds. */
export type AttributeValue =
  number | string | readonly number[] | { readonly float: number } | Constant;
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One dim of a value: its size in the probe run, and `batch` where it is that many times N (0: static). */
export interface Extent {
  readonly size: number;
  readonly batch: number;
}

/** What a rule writes with: one node of the standard domain at a time, shapes known as it goes. */
export interface Emitter {
  /** Appends one node to the backward graph; returns the name of its first output. */
  emit(op: string, inputs: readonly string[], attributes?: Attributes): string;
  /** As `emit`, all outputs. */
  emitAll(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: Attributes,
  ): readonly string[];
  /** Names of constants of the backward graph; equal ones are shared. Floats have the gradient's type, or `type`. */
  floats(values: readonly number[], dims?: readonly number[], type?: ElementType): string;
  ints(values: readonly number[], dims?: readonly number[]): string;
  scalar(value: number): string;
  /** A float constant filled with one value. */
  filled(value: number, dims: readonly number[]): string;

  /** What is known of a value, of the forward graph or emitted; throws RangeError for a name it has not seen. */
  shape(name: string): ValueShape;
  extents(name: string): readonly Extent[];
  /** The constant behind a name, when it is one. */
  constant(name: string): Constant | undefined;

  /** A 1-D int64 tensor with these dims at run time; the batch is read from the seed. */
  shapeTensor(extents: readonly Extent[]): string;
  reshape(value: string, extents: readonly Extent[]): string;
  /** Repeats along dims of size 1. */
  expand(value: string, extents: readonly Extent[]): string;
  zeros(extents: readonly Extent[]): string;
  transpose(value: string, perm: readonly number[]): string;
  cast(value: string, type: ElementType): string;
  sum(value: string, axes: readonly number[], keep: "keep" | "drop"): string;
  mean(value: string, axes: readonly number[], keep: "keep" | "drop"): string;
  /** Pads with zeros; negative numbers crop. Nothing is emitted where nothing changes. */
  pad(value: string, begins: readonly number[], ends: readonly number[]): string;
  /** Sums a gradient of a broadcast result back to the dims of `target`. */
  unbroadcast(gradient: string, target: string): string;
}

export interface RuleContext extends Emitter {
  readonly node: Node;
  /** Names of the node's inputs ("" where absent) and outputs. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Incoming gradient of output 0; `gradients[i]` of output i, null where none flows. */
  readonly gradient: string;
  readonly gradients: readonly (string | null)[];
  /** Which inputs a gradient is wanted for. */
  readonly wanted: readonly boolean[];
  /** The integers behind an input known before the run; refuses where they vary or are absent. */
  integers(index: number): readonly number[];
  /** As `integers`, for an optional input. */
  integersOrNone(index: number): readonly number[] | undefined;
  /** Named refusal: `gradient/no-rule` with this reason. */
  refuse(why: string): never;
}

/**
 * Gradients in input order; null or left off where none flows. A rule appends nodes to the backward graph and carries
 * no defensive code: the driver checks shape and type of what it returns, and refuses where a wanted gradient is null.
 */
export type Rule = (context: RuleContext) => readonly (string | null)[];
export type Rules = Readonly<Record<string, Rule>>;

/** Names a family of rules; the key is the operator, prefixed "domain:" outside the standard one. */
export function defineRules<const R extends Rules>(rules: R): R {
  return rules;
}

export type { Shapes };
