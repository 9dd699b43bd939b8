import type { Audit, Run, Summary } from "../../shared/contract/audits.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import type { FindingNumbers } from "../../shared/domain/finding-numbers.ts";
import type { ItemNo, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { Item, Measures } from "../../shared/domain/item.ts";
import type { MapFlag } from "../../shared/domain/map-flag.ts";
import type { Consensus, Meeting } from "../../shared/domain/meeting.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import type { Judgement, Quadrant, Region, Shape, Verdict } from "../../shared/domain/review.ts";
import type { Plan } from "../../shared/domain/plan.ts";
import type { Rates } from "../../shared/domain/rates.ts";
import type { RegionTest } from "../../shared/domain/region-test.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import type { ReportRevision } from "./report-revision.ts";

/** Everything a report or an export is written from: plain data, read from the store at one moment. */
export interface ReportData {
  readonly audit: Audit;
  /** The run that the results speak of; null where there is none yet. */
  readonly run: Run | null;
  readonly model: ModelDescription | null;
  readonly summary: Summary | null;
  readonly items: readonly ReportItem[];
  readonly plates: readonly Plate[];
  /** Chosen items whose picture could not be read any more. */
  readonly platesLeftOut: readonly ItemNo[];
  readonly plateView: PlateView;
  readonly regions: readonly (Region & {
    readonly areaShare: number;
    readonly at: string;
    readonly recordNo: number;
  })[];
  /** Region tests that stand, by item. */
  readonly tests: readonly RegionTest[];
  /** Reliability sheets of the audit's runs; a run whose sheet was not made is not in it. */
  readonly sheets: readonly { readonly run: RunId; readonly sheet: ReliabilitySheet }[];
  /** Heaviest first. */
  readonly findings: readonly ReportFinding[];
  readonly meetings: readonly Meeting[];
  readonly consensus: readonly Consensus[];
  /** Items that have been read, by queue: of a random sample only those judged in it (RX-61). */
  readonly readings: Readonly<Record<string, readonly ItemNo[]>>;
  /** Frozen plans, oldest first: the last is in force. */
  readonly plans: readonly ReportPlan[];
  /** What the random sample says of the dataset: the only source of rates. */
  readonly rates: Rates;
  /** Items of the sample in force that were read, each with the verdict that counts in `rates`. */
  readonly counted: readonly (readonly [ItemNo, Verdict])[];
  /** Models whose file is not the one that was run any more, by name. */
  readonly changedModels: readonly string[];
  readonly record: readonly RecordEntry[];
  readonly recordHash: string;
  readonly software: {
    readonly version: string;
    readonly node: string;
    readonly runtime: string;
    readonly platform: string;
  };
  readonly builtAt: string;
  readonly revision: ReportRevision;
  /** Keep file names; else they are replaced by item numbers. */
  readonly keepNames: boolean;
}

/** A plan with the entry that froze it. */
export interface ReportPlan extends Plan {
  readonly recordNo: number;
  readonly at: string;
  readonly readerId: ReaderId | null;
}

/** A finding and its numbers, as they stood when the report was built. */
export interface ReportFinding {
  readonly finding: Finding;
  readonly numbers: FindingNumbers;
}

export interface ReportItem extends Item {
  readonly facets: Readonly<Record<string, string>>;
  readonly predicted: string | null;
  readonly confidence: number | null;
  readonly correct: boolean | null;
  /** Probabilities of the five likeliest classes. */
  readonly top5: readonly { readonly name: string; readonly probability: number }[];
  /** Probability of the labelled class. */
  readonly scoreTrue: number | null;
  readonly quadrant: Quadrant;
  readonly why: string | null;
  readonly map: {
    readonly width: number;
    readonly height: number;
    readonly rawMin: number;
    readonly rawMax: number;
    readonly target: string | null;
    readonly flags: readonly MapFlag[];
  } | null;
  /** What must be said of its map, or why it has none. */
  readonly flags: readonly MapFlag[];
  readonly measures: Measures;
  readonly judgements: readonly Judgement[];
}

/** One chosen case: image, map and overlay as JPEG or PNG bytes, made by the images engine. */
export interface Plate {
  readonly item: ItemNo;
  readonly image: Uint8Array;
  readonly map: Uint8Array | null;
  readonly overlay: Uint8Array | null;
  /** RX-25, also its alternative text. */
  readonly summary: string;
  readonly shapes: readonly { readonly kind: string; readonly shape: Shape }[];
}

/** How maps are drawn on plates; `low` and `high` are raw values, the others shares. */
export interface PlateView {
  readonly colours: string;
  readonly scaling: "run-p99" | "fixed";
  readonly low: number;
  readonly high: number;
  readonly opacity: number;
  readonly threshold: number;
  /** Edge of each picture in pixels. */
  readonly sizePx: number;
}

/** One file of an export, before it is written. */
export interface ReportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A section of the document as it was printed: what the outline on screen shows. */
export interface PrintedSection {
  /** Its number or letter. */
  readonly id: string;
  readonly title: string;
  readonly page: number;
}

/** Everything a build gives. */
export interface BuiltReport {
  readonly files: ReportFile[];
  /** One SVG per page of the PDF, for the preview on screen. */
  readonly pages: Uint8Array[];
  readonly sections: PrintedSection[];
}
