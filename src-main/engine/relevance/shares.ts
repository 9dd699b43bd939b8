import type { RelevanceContext } from "./rule.ts";

/** One half of a product: an input whose signs, times those of the weight, are never negative. */
export interface Half {
  readonly input: string;
  readonly weight: string;
}

/** The product behind a node, and its transpose. */
export interface Product {
  forward(half: Half): string;
  back(value: string, half: Half): string;
}

/**
 * Relevance in proportion to what each input adds to each output, all parts being ≥ 0:
 *
 *   Y = Σ_halves W·X,   R = Σ_halves X ⊙ Wᵀ(I ⊘ Y)
 */
export function shared(
  context: RelevanceContext,
  relevance: string,
  halves: readonly Half[],
  { forward, back }: Product,
): string {
  const { emit } = context;
  const sum = (values: readonly string[]) => values.reduce((a, b) => emit("Add", [a, b]));
  const share = divided(context, relevance, sum(halves.map((half) => forward(half))));
  return sum(halves.map((half) => emit("Mul", [half.input, back(share, half)])));
}

/** `a ⊘ b`: 0 where b is 0, and no epsilon anywhere. */
export function divided({ emit, scalar }: RelevanceContext, a: string, b: string): string {
  return emit("Where", [emit("Equal", [b, scalar(0)]), scalar(0), emit("Div", [a, b])]);
}

/** max(x, 0), and nothing at all where x is known to be that. */
export function positive({ emit, isNonNegative }: RelevanceContext, value: string): string {
  return isNonNegative(value) ? value : emit("Relu", [value]);
}

/** The halves of a product of `x` by a weight: z⁺, or on the picture zβ with its own smallest and largest value. */
export function halvesOf(context: RelevanceContext, x: string, weight: string): Half[] {
  const { emit, scalar, extents, ints, isPicture, isNonNegative } = context;
  const [above, below] = [emit("Relu", [weight]), emit("Min", [weight, scalar(0)])];
  if (isPicture(x)) {
    // As differences, not as W·X − W⁺·l − W⁻·u: that cancels to rounding noise where the picture has one colour.
    const axes = ints(extents(x).flatMap((_, axis) => (axis === 0 ? [] : [axis])));
    return [
      { input: emit("Sub", [x, emit("ReduceMin", [x, axes])]), weight: above },
      { input: emit("Sub", [x, emit("ReduceMax", [x, axes])]), weight: below },
    ];
  }
  if (isNonNegative(x)) return [{ input: x, weight: above }];
  return [
    { input: emit("Relu", [x]), weight: above },
    { input: emit("Min", [x, scalar(0)]), weight: below },
  ];
}
