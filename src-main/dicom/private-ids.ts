import { inspect } from "node:util";
import type { DataSet } from "./data-set.ts";

/**
 * What names a patient or ties files to one: for grouping, by keyed hash, and nothing else. Printing it, or writing it
 * as JSON, says only that it is there (RX-52).
 */
export class PrivateIds {
  readonly #values: PrivateValues;

  constructor(dataSet: DataSet) {
    this.#values = {
      patientId: dataSet.text(0x00100020),
      issuer: dataSet.text(0x00100021),
      studyUid: dataSet.text(0x0020000d),
      seriesUid: dataSet.text(0x0020000e),
      instanceUid: dataSet.text(0x00080018),
    };
  }

  /** The values themselves; whoever asks stores none of them. */
  reveal(): PrivateValues {
    return this.#values;
  }

  toJSON(): string {
    return "present";
  }

  [inspect.custom](): string {
    return "PrivateIds (present)";
  }
}

/** Identifiers as the file writes them; "" where it has none. */
export interface PrivateValues {
  readonly patientId: string;
  readonly issuer: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
}
