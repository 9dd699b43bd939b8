import type { DataSet } from "../../dicom/data-set.ts";
import { openDicom } from "../../dicom/file.ts";
import { sharedGroup, layoutOf } from "../../dicom/facts.ts";
import type { UidMap } from "./uids.ts";

type Three = readonly [number, number, number];

/** Where a source's pixels lie in the patient (PS3.3 C.7.6.2). */
export interface Plane {
  /** Centre of the first pixel, mm. */
  readonly position: Three;
  /** Direction cosines along a row. */
  readonly row: Three;
  /** Direction cosines down a column. */
  readonly column: Three;
  /** From one row to the next, mm. */
  readonly rowMm: number;
  /** From one column to the next, mm. */
  readonly columnMm: number;
  /** null where the source does not say. */
  readonly thicknessMm: number | null;
}

/** What objects take from the image they speak of: identifiers mapped already, nothing that names anyone. */
export interface SourceImage {
  readonly sopClass: string;
  readonly instance: string;
  readonly study: string;
  readonly series: string;
  /** null: the source has none, or no plane in it. */
  readonly frameOfReference: string | null;
  readonly patient: string;
  /** From 1; null: the file is one picture. */
  readonly frame: number | null;
  readonly rows: number;
  readonly columns: number;
  readonly plane: Plane | null;
}

/** Opens a file's bytes as the source of one item; null where it is no image, or lacks what a reference needs. */
export function openSource(
  bytes: Uint8Array,
  frame: number | null,
  uids: UidMap,
): SourceImage | null {
  const opened = openDicom(bytes, "source");
  return opened.kind === "image" ? sourceOf(opened.dataSet, frame, uids) : null;
}

/** Reads the source of one item from its header; null where a file lacks what a reference needs. */
export function sourceOf(dataSet: DataSet, frame: number | null, uids: UidMap): SourceImage | null {
  const layout = layoutOf(dataSet);
  const [sopClass, instance, study, series] = [0x00080016, 0x00080018, 0x0020000d, 0x0020000e].map(
    (tag) => dataSet.text(tag),
  );
  if (!layout || !sopClass || !instance || !study || !series) return null;
  const reference = dataSet.text(0x00200052);
  const plane = reference === "" ? null : planeOf(dataSet, (frame ?? 1) - 1);
  return {
    sopClass,
    instance: uids.map(instance),
    study: uids.map(study),
    series: uids.map(series),
    frameOfReference: plane ? uids.map(reference) : null,
    patient: uids.pseudonym(`${dataSet.text(0x00100020)}\0${dataSet.text(0x00100021)}`),
    frame: layout.frames > 1 ? (frame ?? 1) : null,
    rows: layout.rows,
    columns: layout.columns,
    plane,
  };
}

function planeOf(dataSet: DataSet, frame: number): Plane | null {
  const within = (group: number, tag: number) =>
    (sharedGroup(dataSet, group, frame) ?? dataSet).decimals(tag);
  const position = within(0x00209113, 0x00200032);
  const cosines = within(0x00209116, 0x00200037);
  const spacing = within(0x00289110, 0x00280030);
  const [thickness] = within(0x00289110, 0x00180050);
  const isWhole =
    position.length === 3 &&
    cosines.length === 6 &&
    spacing.length === 2 &&
    [...position, ...cosines, ...spacing].every(Number.isFinite) &&
    spacing.every((mm) => mm > 0);
  if (!isWhole) return null;
  return {
    position: [position[0], position[1], position[2]],
    row: [cosines[0], cosines[1], cosines[2]],
    column: [cosines[3], cosines[4], cosines[5]],
    rowMm: spacing[0],
    columnMm: spacing[1],
    thicknessMm: thickness > 0 ? thickness : null,
  };
}
