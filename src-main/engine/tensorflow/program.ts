import type { Tensor as DeviceTensor } from "@tensorflow/tfjs-core";
import type { OutlineStep } from "../outline.ts";

export type { DeviceTensor };

/** What a model takes. */
export interface ProgramInput {
  readonly name: string;
  /** null where the file leaves it free. */
  readonly dims: readonly (number | null)[];
  readonly type: "float32" | "int32";
}

/** A TensorFlow.js model as one flat list of steps, nested models inlined, that can be run from any values to any others. */
export interface Program {
  readonly input: ProgramInput;
  /** Candidates for the scores, in the file's order. */
  readonly outputs: readonly string[];
  readonly steps: readonly OutlineStep[];
  /** Whether `…/linear` values between a step and its activation exist in the outline alone. */
  readonly isFused: boolean;
  /** Values by name from values by name, `wanted` in order. Synchronous, for `tf.tidy` and `tf.grads`; owns nothing. */
  run(feeds: ReadonlyMap<string, DeviceTensor>, wanted: readonly string[]): DeviceTensor[];
  dispose(): void;
}
