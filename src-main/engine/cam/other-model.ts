import type { TapSession } from "../../../shared/domain/engine.ts";

/** A further model that was given with a run: a classifier of the class explained against a rival. */
export interface OtherModel {
  readonly session: Pick<TapSession, "tap" | "structure" | "read" | "gradient">;
  /** Its score for the class: its output, less the other one where there are two. `[C]` */
  readonly seed: Float32Array;
}

/**
 * The score of a classifier for the class that `output` stands for: of one output itself, of two their difference, of more that
 * logit alone. Null where it has more than two and none is named, or none of that number.
 */
export function scoreOf(outputs: number, output: number | null): Float32Array | null {
  if (output === null && outputs > 2) return null;
  const seed = new Float32Array(outputs);
  const index = output ?? outputs - 1;
  if (index >= outputs && outputs > 1) return null;
  if (outputs === 1) {
    if (index > 1) return null;
    seed[0] = output === 0 ? -1 : 1; // a single output has a negative and a positive side
    return seed;
  }
  seed[index] = 1;
  if (outputs === 2) seed[1 - index] = -1;
  return seed;
}
