import type { Annotations } from "./annotations.ts";
import type { ColumnChoice } from "./columns.ts";
import type { FileIndex } from "./matching.ts";

/** A label or evidence source on disk, looked at just enough to tell its format. */
export interface Source {
  readonly kind: "file" | "folder";
  readonly path: string;
  /** How errors and notes name it. */
  readonly shownPath: string;
  /** With its dot, in lower case; "" for a folder. */
  readonly extension: string;
  /** First 64 KB of a file as text; "" for a folder. */
  readonly head: string;
  /** Paths below a folder; empty for a file. */
  readonly files: readonly string[];
}

export interface ReadContext {
  /** The listed images. */
  readonly index: FileIndex;
  readonly imagePaths: readonly string[];
  readonly needs: "label" | "evidence";
  readonly choice: ColumnChoice;
  readonly signal: AbortSignal | undefined;
}

/** One format of labels and evidence. */
export interface DatasetReader {
  readonly id: string;
  readonly label: string;
  recognises(source: Source): boolean;
  read(source: Source, context: ReadContext): Promise<Annotations>;
}

/** Types a reader where it is written. */
export function defineReader(reader: DatasetReader): DatasetReader {
  return reader;
}
