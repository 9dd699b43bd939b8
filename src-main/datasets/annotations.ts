import type { EvidenceShape } from "../../shared/domain/evidence.ts";
import type { DatasetColumn } from "./dataset.ts";

/** What a reader of one format found in a label file, before its rows are matched with the listed images. */
export interface Annotations {
  /** The format in the reader's words, such as "COCO". */
  readonly format: string;
  readonly rows: readonly AnnotationRow[];
  /** Class names in the order that the source declares them; null where it declares none. */
  readonly classes: readonly string[] | null;
  readonly columns: readonly DatasetColumn[];
  readonly notes: readonly string[];
}

export interface AnnotationRow {
  /** Line or entry, from 1; null where the source has no order. */
  readonly row: number | null;
  /** The image's name as the source writes it. */
  readonly file: string;
  readonly labels: readonly string[];
  readonly split: string | null;
  readonly group: string | null;
  readonly facets: Readonly<Record<string, string>>;
  readonly marks: Marks | null;
}

/** Evidence as the source states it: a mask's path, or marks in pixels of a stated size or in fractions. */
export type Marks =
  | { readonly kind: "mask"; readonly path: string }
  | {
      readonly kind: "drawn";
      /** The image's size as the source states it; null where it states none. */
      readonly statedPx: { readonly width: number; readonly height: number } | null;
      readonly unit: "px" | "fraction";
      readonly marks: readonly Mark[];
    };

/** One shape or one run-length mask, and the class it shows. */
export interface Mark {
  readonly label: string | null;
  readonly drawn: EvidenceShape | RunLengths;
}

export interface RunLengths {
  readonly kind: "rle";
  readonly width: number;
  readonly height: number;
  readonly counts: readonly number[];
}
