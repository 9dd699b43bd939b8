import { clusteredRate } from "./clusters.ts";
import { hajek } from "./hajek.ts";
import { wilson, type Count, type Interval } from "./proportion.ts";
import { stratified } from "./stratified.ts";

/** An item of the random sample that was read. */
export interface SampledRead {
  readonly isFinding: boolean;
  /** Index of its stratum. */
  readonly stratum: number;
  /** Null where it isn't known: a patient of its own. */
  readonly patient: string | null;
}

/** A rate as the report prints it; `method` names the interval. */
export interface EstimatedRate extends Count {
  readonly p: number;
  readonly interval: Interval;
  readonly method: "wilson" | "stratified" | "clustered" | "stratified-clustered" | "census";
  /** Patients. */
  readonly patients: number;
}

/**
 * The rate of the whole population from its random sample. Where strata were read at different shares the rate is weighted
 * back; where a patient has several images, patients count and not images; where everything was read there is nothing to
 * estimate; otherwise it is k/n with Wilson's interval. Null while nothing was read, or a stratum has too few for its
 * variance. `sizes` are members by stratum; a read of a stratum outside it throws.
 */
export function estimatedRate(
  reads: readonly SampledRead[],
  sizes: readonly number[],
  options: { readonly seed: number; readonly confidence?: number },
): EstimatedRate | null {
  const { seed, confidence = 0.95 } = options;
  const counts = sizes.map((size) => ({ size, n: 0, k: 0 }));
  const byPatient = new Map<string | number, { n: number; k: number }>();
  reads.forEach(({ isFinding, stratum, patient }, i) => {
    const found = isFinding ? 1 : 0;
    const own = byPatient.get(patient ?? i) ?? { n: 0, k: 0 };
    byPatient.set(patient ?? i, { n: own.n + 1, k: own.k + found });
    counts[stratum].n += 1;
    counts[stratum].k += found;
  });
  const n = reads.length;
  if (n === 0) return null;
  const k = reads.filter(({ isFinding }) => isFinding).length;
  const about = { k, n, patients: byPatient.size };
  const repeats = byPatient.size < n;
  if (counts.every(({ size, n: read }) => size === read)) {
    const p = k / n;
    return { ...about, p, interval: { low: p, high: p }, method: "census" };
  }
  if (!haveEqualShares(counts)) {
    const estimate = stratified(counts, confidence);
    if (!estimate) return null;
    if (!repeats)
      return { ...about, p: estimate.p, interval: estimate.interval, method: "stratified" };
    const clustered = hajek(
      reads.map(({ isFinding, stratum, patient }) => ({
        isFinding,
        inclusion: counts[stratum].n / counts[stratum].size,
        group: patient,
      })),
      { seed, confidence },
    );
    return (
      clustered && {
        ...about,
        p: clustered.p,
        interval: clustered.interval,
        method: "stratified-clustered",
      }
    );
  }
  const p = k / n;
  if (repeats) {
    const { interval } = clusteredRate([...byPatient.values()], confidence);
    return { ...about, p, interval, method: "clustered" };
  }
  return { ...about, p, interval: wilson({ k, n }, confidence), method: "wilson" };
}

/** Whether every stratum was read at the share of the whole: `n_s N = n N_s`. */
function haveEqualShares(
  counts: readonly { readonly size: number; readonly n: number }[],
): boolean {
  const population = counts.reduce((sum, { size }) => sum + size, 0);
  const read = counts.reduce((sum, { n }) => sum + n, 0);
  return counts.every(({ size, n }) => n * population === read * size);
}
