import { auc } from "../../../shared/statistics/auc.ts";

/** From this area on a property is a risk in the data (spurious-focus 4.6). */
export const riskyArea = 0.65;

/** How far one measured property alone tells the label. */
export interface PropertyStrength {
  /** Area under the ROC curve of the class told best, one against the rest, either direction: 0.5..1. */
  readonly area: number;
  readonly label: string;
  /** Whether that class has the higher values. */
  readonly isHigher: boolean;
  /** Items, by index, with the lowest and the highest value. */
  readonly extremes: readonly [number, number];
}

/** Null when fewer than two classes have values. `values` (any unit, NaN = not known) and `labels` run in step. */
export function propertyStrength(
  values: readonly number[],
  labels: readonly (string | null)[],
): PropertyStrength | null {
  const known = [...values.keys()].filter(
    (index) => Number.isFinite(values[index]) && (labels[index] ?? null) !== null,
  );
  const ofKnown = known.map((index) => values[index] ?? NaN);
  const told = [...new Set(known.map((index) => labels[index] ?? ""))].map((label) => ({
    label,
    upward: auc(
      ofKnown,
      known.map((index) => labels[index] === label),
    ),
  }));
  const lowest = known.reduce(
    (best, index) => ((values[index] ?? 0) < (values[best] ?? 0) ? index : best),
    known[0] ?? 0,
  );
  const highest = known.reduce(
    (best, index) => ((values[index] ?? 0) > (values[best] ?? 0) ? index : best),
    known[0] ?? 0,
  );
  let strongest: PropertyStrength | null = null;
  for (const { label, upward } of told) {
    const area = Math.max(upward, 1 - upward);
    if (Number.isNaN(area) || (strongest !== null && strongest.area >= area)) continue;
    strongest = { area, label, isHigher: upward >= 0.5, extremes: [lowest, highest] };
  }
  return strongest;
}
