import {
  naCauses,
  type MetricId,
  type NaCause,
  type ScoreId,
} from "../../../shared/domain/metrics.ts";
import { heatShare, positivePart } from "../../../shared/heatmap/regions.ts";
import { borderShare } from "./border-share.ts";
import { cornerShare } from "./corner-share.ts";
import { entropy } from "./entropy.ts";
import { evidenceArea } from "./evidence-area.ts";
import { focus } from "./focus.ts";
import { insideEnergy } from "./inside-energy.ts";
import { iouTop20 } from "./iou-top20.ts";
import type { Measure, MeasuredMap } from "./measure.ts";
import { pointingHit } from "./pointing-hit.ts";
import { rawMax } from "./raw-max.ts";
import { shortcutHeat } from "./shortcuts.ts";
import { signals } from "./signals.ts";
import { textOverlap } from "./text-overlap.ts";

/** The measures of one map that need no further pass; agreement, stability and necessity take what a pass brought. */
export const measures: readonly Measure[] = [
  insideEnergy,
  evidenceArea,
  pointingHit,
  iouTop20,
  borderShare,
  cornerShare,
  textOverlap,
  entropy,
  rawMax,
];

export type Measured = Partial<Record<MetricId | ScoreId, number | NaCause>>;

export interface MeasureInput extends Omit<MeasuredMap, "heat" | "map"> {
  /** Raw; null where there is no usable map. */
  readonly map: Float32Array | null;
  /** Other detected artefacts by name, as cell weights (padding, ink, ruler); text joins by itself. */
  readonly artefacts?: Readonly<Record<string, Float32Array>>;
  /** The map of an empty input for the same class: what s2 and s3 are corrected by. */
  readonly nullMap?: Float32Array | null;
}

/** Every metric and score part of one item on its map's own grid; `n/a` causes where there is nothing to measure. */
export function measureAll(input: MeasureInput): Measured {
  const { map, artefacts = {}, nullMap = null } = input;
  const heat = map ? positivePart(map) : null;
  if (!map || !heat || !heat.some((value) => value > 0)) return withoutHeat(map);
  const measured: MeasuredMap = { ...input, map, heat };
  const masks = [...Object.values(artefacts), ...(input.text ? [input.text] : [])];
  const { s1, s2, s3, s4 } = signals(measured, masks, nullMap);
  return {
    ...Object.fromEntries(measures.map((measure) => [measure.id, measure.measure(measured)])),
    ...shortcutHeat(measured),
    focus: focus(measured),
    s1: s1 ?? "no-evidence",
    s2,
    s3,
    s4,
  };
}

/** Share of heat on each artefact by name: what a reason may name. */
export function artefactShares(
  map: Float32Array,
  artefacts: Readonly<Record<string, Float32Array>>,
): Record<string, number> {
  const heat = positivePart(map);
  return Object.fromEntries(
    Object.entries(artefacts).map(([name, weights]) => [name, heatShare(heat, weights) || 0]),
  );
}

const ofHeat = [
  "inside_energy",
  "evidence_area",
  "pointing_hit",
  "iou_top20",
  "border_share",
  "corner_share",
  "text_overlap",
  "entropy",
  "focus",
  "border",
  "corner",
  "text",
  "s1",
  "s2",
  "s3",
  "s4",
] as const;

/** A map with no positive value has a largest raw value and nothing else. */
function withoutHeat(map: Float32Array | null): Measured {
  const none: Measured = Object.fromEntries(ofHeat.map((id) => [id, "no-map" as const]));
  none.raw_max = map ? map.reduce((max, value) => Math.max(max, value), -Infinity) : "no-map";
  return none;
}

/** Whether a stored value is a cause and not a number. */
export function isCause(value: number | NaCause | undefined): value is NaCause {
  return typeof value === "string" && naCauses.includes(value);
}
