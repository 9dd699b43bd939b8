/** Which raw values the ends of a colour map stand for. */
export type Scaling =
  | { readonly kind: "run-p99" }
  | { readonly kind: "item" }
  | { readonly kind: "fixed"; readonly min: number; readonly max: number };

/** Raw values at the low and the high end of the colours. */
export interface DisplayRange {
  readonly low: number;
  readonly high: number;
}

export interface RawRange {
  /** Smallest and largest raw value of the item's map. */
  readonly rawMin: number;
  readonly rawMax: number;
  /** 99th percentile of the run's positive values; null before it is known. */
  readonly runP99: number | null;
}

/**
 * The display range: from 0, which is no evidence, to the run's 99th percentile or the item's maximum, or the range that was
 * asked for. A signed range has its zero in the middle. Before the run's percentile is known the item's own range is used.
 */
export function displayRange(scaling: Scaling, raw: RawRange, isSigned = false): DisplayRange {
  if (scaling.kind === "fixed") return { low: scaling.min, high: scaling.max };
  const own = isSigned ? Math.max(Math.abs(raw.rawMin), Math.abs(raw.rawMax)) : raw.rawMax;
  const high = Math.max(0, scaling.kind === "run-p99" ? (raw.runP99 ?? own) : own);
  return { low: isSigned ? -high : 0, high };
}

/** Where a raw value lies in the range, 0..1, held at the ends; 0 in an empty range. */
export function inRange(value: number, { low, high }: DisplayRange): number {
  if (!(high > low)) return 0;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** The raw value that a share of the range stands for: what the legend writes at the threshold. */
export function atShare(share: number, { low, high }: DisplayRange): number {
  return low + share * (high - low);
}
