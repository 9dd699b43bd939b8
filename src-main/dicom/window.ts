import type { GreyScale, LookUp, Window } from "./grey-scale.ts";
import type { Values } from "./codecs/codec.ts";

/** Values in units, e.g. Hounsfield: exact for what a file stores in 16 bits. */
export type UnitValues = Float32Array | Float64Array;

/** Stored values in units: the modality table, else slope and intercept. */
export function inUnits(
  values: Values,
  { slope, intercept, modalityTable }: Pick<GreyScale, "slope" | "intercept" | "modalityTable">,
): UnitValues {
  const isWide = values.BYTES_PER_ELEMENT > 2 && !(values instanceof Float32Array);
  const units = isWide ? new Float64Array(values.length) : new Float32Array(values.length);
  if (modalityTable)
    for (let i = 0; i < units.length; i++) units[i] = lookedUp(modalityTable, values[i]);
  else for (let i = 0; i < units.length; i++) units[i] = values[i] * slope + intercept;
  return units;
}

/**
 * Values as greys 0..255 by a window, DICOM PS3.3 C.11.2.1:
 *
 *   linear        ((x - (c - 0.5)) / (w - 1) + 0.5) · 255, cut at both ends
 *   linear-exact  ((x - c) / w + 0.5) · 255, cut at both ends
 *   sigmoid       255 / (1 + exp(-4 (x - c) / w))
 *
 * A linear window narrower than 1 is a threshold at c - 0.5. What is no number is black.
 */
export function windowed(
  values: ArrayLike<number>,
  { centre, width, kind }: Pick<Window, "centre" | "width" | "kind">,
): Uint8Array {
  const greys = new Uint8ClampedArray(values.length); // rounds, cuts, NaN is 0
  if (kind === "sigmoid") {
    for (let i = 0; i < greys.length; i++)
      greys[i] = 255 / (1 + Math.exp((-4 * (values[i] - centre)) / width));
  } else {
    const middle = kind === "linear" ? centre - 0.5 : centre;
    const span = kind === "linear" ? width - 1 : width;
    if (span > 0)
      for (let i = 0; i < greys.length; i++) greys[i] = ((values[i] - middle) / span + 0.5) * 255;
    else for (let i = 0; i < greys.length; i++) greys[i] = values[i] > middle ? 255 : 0;
  }
  return new Uint8Array(greys.buffer);
}

/** Values as greys by a table of interest, its largest entry by bits being white. */
export function tabled(values: ArrayLike<number>, table: LookUp): Uint8Array {
  const greys = new Uint8ClampedArray(values.length);
  const most = 2 ** table.bits - 1;
  for (let i = 0; i < greys.length; i++) greys[i] = (lookedUp(table, values[i]) / most) * 255;
  return new Uint8Array(greys.buffer);
}

/** The window from `low` to `high`: those become black and white. */
export function windowBetween(low: number, high: number): Window {
  const width = Math.max(high - low, Number.MIN_VALUE);
  return { centre: low + width / 2, width, kind: "linear-exact", name: "" };
}

/** The 1st and 99th percentile of what is a number and no padding; null where nothing is left. */
export function automaticRange(
  stored: Values,
  units: UnitValues,
  padding: GreyScale["padding"],
): readonly [low: number, high: number] | null {
  const kept = units.filter((value, i) => Number.isFinite(value) && !isPadding(stored[i], padding));
  if (kept.length === 0) return null;
  kept.sort();
  const at = (share: number) => kept[Math.round(share * (kept.length - 1))];
  return [at(0.01), at(0.99)];
}

/** Whether a stored value stands for "no picture here". */
export function isPadding(value: number, padding: GreyScale["padding"]): boolean {
  return padding !== null && value >= padding[0] && value <= padding[1];
}

function lookedUp({ first, entries }: LookUp, value: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, Math.round(value) - first))];
}
