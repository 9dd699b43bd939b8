/**
 * An agreement corrected for chance. Where all verdicts are equal chance alone agrees as well, and there is no figure: the
 * report prints "no variation", never 0 or 1.
 */
export type Coefficient =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "no-variation" }
  /** No item has verdicts of two readers. */
  | { readonly kind: "nothing-shared" };

/** `(observed − expected) / (1 − expected)`. */
export function beyondChance(observed: number, expected: number): Coefficient {
  return { kind: "value", value: (observed - expected) / (1 - expected) };
}
