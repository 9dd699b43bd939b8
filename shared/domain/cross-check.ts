import type { ErrorJson } from "../errors/app-error.ts";
import type { MethodId } from "./method-id.ts";

/** One model on both engines: how far apart their answers are, or why the second one does not run it. */
export interface CrossCheck {
  /** The second engine, as people read it: "tensorflow · wasm". */
  readonly device: string;
  readonly tap: string;
  /** How many pictures were compared, seeded noise first. */
  readonly pictures: number;
  readonly outcome: CrossCheckOutcome;
}

export type CrossCheckOutcome =
  | {
      readonly kind: "compared";
      /** Largest difference as a share of the largest number. */
      readonly logits: number;
      readonly gradients: number;
      readonly maps: readonly MapDifference[];
      /** Whether the network rounds to integers, so that a last digit becomes a whole step. */
      readonly isQuantised: boolean;
    }
  | { readonly kind: "refused"; readonly error: ErrorJson };

export interface MapDifference {
  readonly method: MethodId;
  /** Null where the map is nothing but rounding, or where there is none. */
  readonly difference: number | null;
}

/** What two engines may differ by, as a share of the maximum. */
export const crossCheckTolerance = 1e-3;
