import type { ErrorJson } from "../errors/app-error.ts";
import type { EvidenceSource } from "./evidence.ts";
import type { ItemNo } from "./ids.ts";
import type { MapFlag } from "./map-flag.ts";
import type { MetricId, NaCause, ScoreId } from "./metrics.ts";
import type { SeenArea } from "./preparation.ts";
import type { PredictedFocus } from "./quadrant.ts";

/** One listed picture, before it has a number. */
export interface NewItem {
  /** Below the dataset's folder, with forward slashes. */
  readonly path: string;
  /** Of several in its file, from 1; null or absent: the file is one picture. */
  readonly frame?: number | null;
  /** How many the file states; 1 where absent. */
  readonly frames?: number;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Its only label; null without one and with several. */
  readonly label: string | null;
  /** Set when it has more than one. */
  readonly labels?: readonly string[];
  readonly split?: string | null;
  /** Patient, study or other unit that must not be split. */
  readonly group?: string | null;
  /** Key of the DICOM study, made with the audit's secret. */
  readonly study?: string | null;
  /** Every other column that came with the labels. */
  readonly facets?: Readonly<Record<string, string>>;
  readonly evidence?: EvidenceSource | null;
  /** Listed, and not at its place: it is tried again at every run. */
  readonly isMissing?: boolean;
  /** Known to be unreadable when listed. */
  readonly error?: ErrorJson | null;
}

/** A listed picture with its number; `sha256`, its file's, and sizes are known once it has been decoded. */
export interface Item {
  readonly no: ItemNo;
  readonly path: string;
  /** Of several in its file, from 1; null: the file is one picture. */
  readonly frame: number | null;
  readonly frames: number;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly sha256: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly averageGrey: number | null;
  readonly label: string | null;
  readonly labels: readonly string[];
  readonly split: string | null;
  readonly group: string | null;
  readonly study: string | null;
  readonly hasEvidence: boolean;
  readonly isMissing: boolean;
  readonly error: ErrorJson | null;
  /** Its file is not the one that was judged (RX-128). */
  readonly earlierFile: EarlierFile | null;
}

/** The file that verdicts up to an entry of the record were given on. */
export interface EarlierFile {
  readonly sha256: string;
  readonly untilRecordNo: number;
}

export type Measures = Readonly<Partial<Record<MetricId | ScoreId, number | NaCause>>>;

/** One item's outcome in a run, as an engine sends it. */
export interface ItemOutcome {
  readonly no: ItemNo;
  readonly sha256: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly averageGrey: number | null;
  /** `[C]` */
  readonly logits: Float32Array | null;
  readonly target: number | null;
  /** `[H,W]`, raw: before ReLU and scaling. */
  readonly map: Float32Array | null;
  readonly mapDims: readonly [height: number, width: number] | null;
  readonly flags: readonly MapFlag[];
  readonly seen: SeenArea | null;
  readonly metrics: Measures;
  readonly artefacts: Readonly<Record<string, number>>;
  readonly error: ErrorJson | null;
}

/** An item that could not be mapped: nothing is known of it but why. */
export function failedOutcome(no: ItemNo, error: ErrorJson): ItemOutcome {
  return {
    no,
    sha256: null,
    width: null,
    height: null,
    averageGrey: null,
    logits: null,
    target: null,
    map: null,
    mapDims: null,
    flags: [],
    seen: null,
    metrics: {},
    artefacts: {},
    error,
  };
}

/** What suspicion makes of one item of a run once the whole run is known. */
export interface Assessment {
  readonly item: ItemNo;
  /** Replaces the stored values of these ids; others stay. */
  readonly measures: Measures;
  readonly evidenceLevel: "E0" | "E1";
  /** The reason in words. */
  readonly why: string;
  /** Where the model looked before anyone judged. */
  readonly predictedFocus: PredictedFocus;
}
