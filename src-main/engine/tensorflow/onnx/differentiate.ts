import type { Tensor } from "@tensorflow/tfjs-core";
import { AppError } from "../../../../shared/errors/app-error.ts";
import type { Device } from "./executor.ts";

/** A value and the gradients of `Σ weights · value` by what it was computed from. */
export interface Differentiated {
  readonly value: Tensor;
  readonly gradients: readonly Tensor[];
}

/**
 * TensorFlow.js's own gradient. `tap` names the value in refusals: what does not lead to the score is `tap/no-path`, a
 * kernel that the backend lacks on the way back `tensorflow/no-kernel`.
 */
export function differentiate(
  { tf, device }: Device,
  score: (at: readonly Tensor[]) => Tensor,
  at: readonly Tensor[],
  weights: Tensor,
  tap: string,
): Differentiated {
  try {
    const { value, grads } = tf.valueAndGrads((...own) => score(own))([...at], weights);
    return { value, gradients: grads };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    if (why.startsWith("Cannot compute gradient of y=f(x)"))
      throw new AppError("gradient/no-path", { tap }, { cause });
    const op =
      /Kernel '(\w+)' not registered/.exec(why)?.[1] ??
      /gradient function not found for (\w+)/.exec(why)?.[1];
    if (!op) throw cause;
    throw new AppError("tensorflow/no-kernel", { op, node: tap, device }, { cause });
  }
}
