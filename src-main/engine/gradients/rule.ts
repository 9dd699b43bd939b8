import type { Constant, Node, Shapes, ValueShape } from "../onnx/graph.ts";

/** Values of attributes as rules write them; the emitter turns them into the wire's kinds. */
export type AttributeValue =
  number | string | readonly number[] | { readonly float: number } | Constant;

/** Appends one node of the standard domain to the backward graph; returns the name of its first output. */
export type Emit = (
  op: string,
  inputs: readonly string[],
  attributes?: Readonly<Record<string, AttributeValue>>,
  outputs?: number,
) => string;

export interface RuleContext {
  readonly node: Node;
  /** Names of the node's inputs ("" where absent) and outputs. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Incoming gradient of output 0; `gradients[i]` for the others, null where none flows. */
  readonly gradient: string;
  readonly gradients: readonly (string | null)[];
  /** Which inputs a gradient is wanted for. */
  readonly wanted: readonly boolean[];
  readonly emit: Emit;
  /** As `emit`, all outputs. */
  emitAll(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: Readonly<Record<string, AttributeValue>>,
  ): readonly string[];
  /** Names of constants of the backward graph; equal ones are shared. */
  floats(values: readonly number[], dims?: readonly number[]): string;
  ints(values: readonly number[], dims?: readonly number[]): string;
  scalar(value: number): string;
  /** What pass `shapes` knows of a value; throws RangeError for a name it has not seen. */
  shape(name: string): ValueShape;
  /** The constant behind a name, when it is one. */
  constant(name: string): Constant | undefined;
  /** A 1-D int64 tensor with the value's dims at run time; static dims are burnt in, the batch is read by Shape. */
  shapeOf(name: string): string;
  /** Sums `gradient` (of the broadcast shape `like`) back to the dims of `target`. */
  unbroadcast(gradient: string, from: string, target: string): string;
  /** Named refusal: `gradient/no-rule` with this reason. */
  refuse(why: string): never;
}

/** Gradients in input order; null or left off where none flows. */
export type Rule = (context: RuleContext) => readonly (string | null)[];
export type Rules = Readonly<Record<string, Rule>>;

/** Names a family of rules; the key is the operator, prefixed "domain:" outside the standard one. */
export function defineRules<const R extends Rules>(rules: R): R {
  return rules;
}

export type { Shapes };
