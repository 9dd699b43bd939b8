import type { Tensor as DeviceTensor } from "@tensorflow/tfjs-core";
import type { WeightRole } from "../../../shared/domain/weights.ts";
import type { OutlineStep } from "../outline.ts";

export type { DeviceTensor };

/** One operation of a model, and the weights that it has learnt. */
export interface ProgramStep extends OutlineStep {
  readonly learnt: readonly LearntWeight[];
}

/** A tensor of weights under the name that the model's files give it, and what it is to its step. */
export interface LearntWeight {
  readonly name: string;
  readonly role: WeightRole;
}

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
  readonly steps: readonly ProgramStep[];
  /** Whether `…/linear` values between a step and its activation exist in the outline alone. */
  readonly isFused: boolean;
  /** Values by name from values by name, `wanted` in order. Synchronous, for `tf.tidy` and `tf.grads`; owns nothing. */
  run(feeds: ReadonlyMap<string, DeviceTensor>, wanted: readonly string[]): DeviceTensor[];
  dispose(): void;
}
