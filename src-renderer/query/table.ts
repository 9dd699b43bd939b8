/**
 * The columns of one run as typed arrays, one entry per item, ready to be filtered, counted and sorted. Passed over: an
 * index per facet (a 100,000-row pass takes less than the message that asks for it) and SQL (counting by group is too
 * slow at a million rows).
 */
export type TableColumn = ChoiceColumn | FlagsColumn | RangeColumn;

/** One word per item. A code at or over `words` means "none" and is counted at index `words`. */
export interface ChoiceColumn {
  readonly kind: "choice";
  readonly codes: Uint8Array | Uint16Array;
  readonly words: number;
}

/** Any of up to 32 words per item, one bit each; items with no bit are counted at index `words`. */
export interface FlagsColumn {
  readonly kind: "flags";
  readonly masks: Uint32Array;
  readonly words: number;
}

/** A number per item, NaN = n/a. `bins` holds each item's histogram bin, `noBin` for n/a. */
export interface RangeColumn {
  readonly kind: "range";
  readonly values: Float32Array;
  readonly low: number;
  readonly high: number;
  readonly bins: Uint8Array;
}

export interface Table {
  readonly length: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
}

export const binCount = 24;
export const noBin = 255;

export function choiceColumn(codes: Uint8Array | Uint16Array, words: number): ChoiceColumn {
  return { kind: "choice", codes, words };
}

/** Joins bitsets (least significant bit first) of the same length into one column. */
export function flagsColumn(bitsets: readonly Uint8Array[], length: number): FlagsColumn {
  const masks = new Uint32Array(length);
  bitsets.forEach((bits, word) => {
    for (let item = 0; item < length; item++) {
      const byte = bits[item >> 3];
      if ((byte >> (item & 7)) & 1) masks[item] = masks[item] | (1 << word);
    }
  });
  return { kind: "flags", masks, words: bitsets.length };
}

/** Bins are equal steps from the smallest to the largest value; `limits` fixes them instead. */
export function rangeColumn(
  values: Float32Array,
  limits: readonly [low: number, high: number] = finiteLimits(values),
): RangeColumn {
  const [low, high] = limits;
  const bins = new Uint8Array(values.length);
  const scale = high > low ? binCount / (high - low) : 0;
  for (let item = 0; item < values.length; item++) {
    const value = values[item];
    const bin = Math.floor((value - low) * scale);
    bins[item] = Number.isFinite(value) ? Math.max(0, Math.min(binCount - 1, bin)) : noBin;
  }
  return { kind: "range", values, low, high, bins };
}

/** Smallest and largest finite value; shares and scores keep 0 to 1 so that a brush means the same in every run. */
function finiteLimits(values: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  return low >= 0 && high <= 1 ? [0, 1] : [low, high];
}
