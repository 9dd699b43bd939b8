/** The eleven metrics every run stores for its items, and the columns that order and explain them. */
export const metricIds = [
  "inside_energy",
  "evidence_area",
  "pointing_hit",
  "iou_top20",
  "border_share",
  "corner_share",
  "text_overlap",
  "entropy",
  "agreement",
  "stability",
  "raw_max",
] as const;
export type MetricId = (typeof metricIds)[number];

/** Stored beside the metrics: suspicion `S`, its parts (g; b, k, t of RX-3), necessity, and the signals s1 to s4. */
export const scoreIds = [
  "suspicion",
  "focus",
  "border",
  "corner",
  "text",
  "necessity",
  "s1",
  "s2",
  "s3",
  "s4",
] as const;
export type ScoreId = (typeof scoreIds)[number];

/** Why a number is not there; shown as "n/a: cause", never as 0. */
export const naCauses = [
  "no-evidence",
  "evidence-too-large",
  "not-in-sample",
  "no-map",
  "weak-map",
  "no-label",
  "no-second-method",
  "gate-failed",
] as const;
export type NaCause = (typeof naCauses)[number];

export type Direction = "higher-is-better" | "lower-is-better" | "neither";
export const metricDirections: Readonly<Record<MetricId, Direction>> = {
  inside_energy: "higher-is-better",
  evidence_area: "neither",
  pointing_hit: "higher-is-better",
  iou_top20: "higher-is-better",
  border_share: "lower-is-better",
  corner_share: "lower-is-better",
  text_overlap: "lower-is-better",
  entropy: "neither",
  agreement: "higher-is-better",
  stability: "higher-is-better",
  raw_max: "neither",
};
