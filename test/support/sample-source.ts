import type { ExportFacts } from "../../src-main/reports/dicom/modules.ts";
import type { SourceImage } from "../../src-main/reports/dicom/source.ts";
import { UidMap } from "../../src-main/reports/dicom/uids.ts";

const uids = new UidMap(new Uint8Array(32).fill(7));

export const sampleFacts: ExportFacts = {
  auditId: "5f1d2c",
  softwareVersion: "0.0.0",
  at: new Date("2026-01-02T03:04:05Z"),
};

/** A 60 × 80 source, of a sagittal plane or of none. */
export function sampleSource({
  isPlaced,
  no = 1,
}: {
  readonly isPlaced: boolean;
  readonly no?: number;
}): SourceImage {
  return {
    sopClass: isPlaced ? "1.2.840.10008.5.1.4.1.1.2" : "1.2.840.10008.5.1.4.1.1.1",
    instance: uids.map(`1.2.3.${no}`),
    study: uids.map("1.2.1"),
    series: uids.map("1.2.2"),
    frameOfReference: isPlaced ? uids.map("1.2.9") : null,
    patient: uids.pseudonym("planted"),
    frame: null,
    rows: 60,
    columns: 80,
    plane: isPlaced
      ? {
          position: [10, 20, 30],
          row: [0, 1, 0],
          column: [0, 0, -1],
          rowMm: 0.5,
          columnMm: 0.25,
          thicknessMm: 2,
        }
      : null,
  };
}
