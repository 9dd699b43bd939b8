import type { EvidenceSource } from "../../shared/domain/evidence.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";
import type { PicturePath } from "../../shared/domain/picture-path.ts";
import type { PrivateIds } from "../dicom/private-ids.ts";
import type { ClassSource } from "./classes.ts";
import type { ColumnUse } from "./columns.ts";

/** What was found: the images, what each is labelled, and how all of that came to be known, in words. */
export interface Dataset {
  readonly folder: string;
  readonly items: readonly DatasetItem[];
  /** Names of the model's outputs, in their order; without a model the classes of the labels. */
  readonly classes: readonly string[];
  readonly classSource: ClassSource;
  /** How labels, classes and evidence were found, one sentence each. */
  readonly notes: readonly string[];
  /** Rows of the labels or the evidence that name no image here. */
  readonly unmatchedRows: readonly UnmatchedRow[];
  /** Images that no row of the labels names. */
  readonly unmatchedFiles: readonly string[];
  /** Extension with its dot → count, images and others. */
  readonly formats: Readonly<Record<string, number>>;
  /** What each column of the labels was taken for. */
  readonly columns: readonly DatasetColumn[];
}

export interface DatasetItem {
  readonly no: ItemNo;
  /** Below the dataset's folder, "/"-separated. */
  readonly path: string;
  /** Of several in its file, from 1; null: the file is one picture. */
  readonly frame: number | null;
  readonly frames: number;
  /** The picture as engines are asked for it. */
  readonly absolutePath: PicturePath;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Its only label; null without one and with several. */
  readonly label: string | null;
  /** Set when it has more than one. */
  readonly labels?: readonly string[];
  /** Index of the label in the classes; null where they do not name it, or name it twice. */
  readonly classNo: number | null;
  readonly split: string | null;
  /** Patient, or what else binds images together. */
  readonly group: string | null;
  readonly facets: Readonly<Record<string, string>>;
  readonly evidence: EvidenceSource | null;
  readonly isDicom: boolean;
  /** What ties a DICOM image to patient and study: it does not print. */
  readonly ids: PrivateIds | null;
  readonly isMissing: boolean;
}

export interface DatasetColumn {
  readonly name: string;
  readonly use: ColumnUse;
}

export interface UnmatchedRow {
  readonly source: "labels" | "evidence";
  /** Line or entry of the source, from 1; null where it has no order. */
  readonly row: number | null;
  readonly file: string;
  readonly why: "absent" | "ambiguous" | "outside";
}

/** Size of a picture as it is shown, from its header. */
export type Probe = (path: string) => Promise<{ readonly width: number; readonly height: number }>;
