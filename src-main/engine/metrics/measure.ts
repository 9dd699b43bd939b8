import type { MetricId, NaCause } from "../../../shared/domain/metrics.ts";

/** What a measure of one map is given, all on the map's own grid `[h,w]`. */
export interface MeasuredMap {
  /** The raw map as stored. */
  readonly map: Float32Array;
  /** Its positive part; it has some, or nothing is measured. */
  readonly heat: Float32Array;
  readonly h: number;
  readonly w: number;
  /** Share 0..1 of each cell that is evidence; null without evidence. */
  readonly evidence: Float32Array | null;
  /** The same on a grid twice as fine, `[2h,2w]`: what lies in the near half of a neighbour. */
  readonly evidenceFine?: Float32Array | null;
  /** Share 0..1 of each cell that is detected or marked text; null where none was found. */
  readonly text: Float32Array | null;
}

/** One measure: its id and its number, or the cause why there is none. */
export interface Measure {
  readonly id: MetricId;
  measure(map: MeasuredMap): number | NaCause;
}

/** Names one measure; the definition and direction that people are told are in `shared/domain/metrics.ts`. */
export function defineMeasure(measure: Measure): Measure {
  return measure;
}
