import { isReference, type BenchItem } from "../../../shared/domain/bench.ts";

/** Under this mean rank correlation the methods disagree (review-experience 6.8). */
export const disagreeUnder = 0.3;

/**
 * How far the methods agree on one picture: each map's value is its mean rank correlation with the others, so their mean
 * is the mean over pairs where all are defined. null where fewer than two maps could be ranked.
 */
export function itemAgreement({ panes }: Pick<BenchItem, "panes">): {
  readonly value: number | null;
  readonly methods: number;
} {
  const values = panes.flatMap(({ id, values: { method_agreement: value } }) =>
    !isReference(id) && typeof value === "number" ? [value] : [],
  );
  const sum = values.reduce((total, value) => total + value, 0);
  return { value: values.length > 0 ? sum / values.length : null, methods: values.length };
}

/** Least agreement first; pictures without a value last, ties as drawn. */
export function byDisagreement(items: readonly BenchItem[]): readonly BenchItem[] {
  const valued = items.map((item) => ({ item, value: itemAgreement(item).value ?? Infinity }));
  return valued
    .toSorted((a, b) => (a.value === b.value ? 0 : a.value - b.value))
    .map(({ item }) => item);
}
