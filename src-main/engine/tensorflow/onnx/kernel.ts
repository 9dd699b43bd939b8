import type { Tensor } from "@tensorflow/tfjs-core";
import type { Node } from "../../onnx/graph.ts";
import type { TensorFlow } from "../runtime.ts";
import type { Counted, Made, Value } from "./value.ts";

/** What one node is computed from. */
export interface KernelContext {
  readonly tf: TensorFlow["tf"];
  readonly node: Node;
  /** Absent optional inputs are undefined. */
  readonly inputs: readonly (Value | undefined)[];
  /** An input that must be there. */
  value(index: number): Value;
  /** The same in the order of its dims. */
  tensor(index: number): Tensor;
  /** Whether anybody reads this output. */
  isRead(output: number): boolean;
  /** Named refusal: `tensorflow/no-kernel`, saying what of the operator is missing. */
  refuse(what: string): never;
}

export type Result = Tensor | Made | Counted;

/**
 * One operator on TensorFlow.js. It is differentiable by TensorFlow.js itself; where that has no gradient, or one of
 * another convention, a `customGrad` says it. Runs inside a tidy: what it leaves is disposed of.
 */
export type Kernel = (context: KernelContext) => Result | readonly Result[];
export type Kernels = Readonly<Record<string, Kernel>>;

/** Names a family of kernels; the key is the operator, prefixed "domain:" outside the standard one. */
export function defineKernels<const K extends Kernels>(kernels: K): K {
  return kernels;
}
