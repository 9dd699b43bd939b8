import type { MapFlag } from "../../shared/domain/map-flag.ts";
import type { SheetState } from "../../shared/domain/sheet.ts";
import type { MetricId, NaCause, ScoreId } from "../../shared/domain/metrics.ts";

/** What suspicion is computed from: one item of one run, as the store holds it. */
export interface SuspectItem {
  /** null: no label, or one the model does not know. */
  readonly isCorrect: boolean | null;
  /** Probability of the predicted class. */
  readonly confidence: number;
  readonly flags: readonly MapFlag[];
  readonly metrics: Readonly<Partial<Record<MetricId | ScoreId, number | NaCause>>>;
  /** Share of heat on detected artefacts by name. */
  readonly artefacts: Readonly<Record<string, number>>;
}

/** What a run as a whole adds. */
export interface SuspectRun {
  /** 5th percentile of the run's raw maxima (RX-4); null before it is known. */
  readonly weakBelow: number | null;
  /** What the reliability sheet of its maps says. */
  readonly sheet?: SheetState;
}

/** A stored metric as a number, or null where there is none. */
export function numberOf(metrics: SuspectItem["metrics"], id: MetricId | ScoreId): number | null {
  const value = metrics[id];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
