import { sequence, text, type DataElements } from "../../dicom/write/element.ts";
import { writePart10 } from "../../dicom/write/part10.ts";
import { newUid } from "./uids.ts";
import { coded, type Code } from "./code.ts";
import {
  commonModules,
  derivedFrom,
  described,
  dimension,
  notice,
  planeGroups,
  planePosition,
  referencedSeries,
  size,
  type ExportFacts,
  type NewObject,
} from "./modules.ts";
import { enlargedToSource, placedPlane, uncovered, type PlacedMap } from "./place-map.ts";
import type { Plane, SourceImage } from "./source.ts";

export const parametricMapClass = "1.2.840.10008.5.1.4.1.1.30";

export interface ParametricMap {
  readonly ids: Pick<NewObject, "instance" | "series" | "seriesNo" | "instanceNo">;
  readonly source: SourceImage;
  readonly map: PlacedMap;
  /** Of CID 217. */
  readonly kind: Code;
  /** Method and run in words, without names of people or files. */
  readonly method: string;
}

/**
 * The object must have a plane, and a radiograph has none: positions are then rows and columns of the source, in a
 * frame of reference that nothing else shares.
 */
const pixelPlane: Plane = {
  position: [0, 0, 0],
  row: [1, 0, 0],
  column: [0, 1, 0],
  rowMm: 1,
  columnMm: 1,
  thicknessMm: null,
};
const pixelWords = " The source has no plane: positions are its columns and rows, not millimetres.";

/** Raw values as 32-bit floats: at native size in the source's space, or enlarged to its pixels where it has none. */
export function writeParametricMap(object: ParametricMap, facts: ExportFacts): Uint8Array {
  const { source, map, kind, method } = object;
  const isPlaced = source.plane !== null;
  const plane = source.plane ? placedPlane(map, source.plane) : pixelPlane;
  const enlarged = isPlaced ? null : enlargedToSource(map, source);
  const values = enlarged?.values ?? map.values;
  const [rows, columns] = isPlaced ? [map.height, map.width] : [source.rows, source.columns];
  const native = `${map.height} x ${map.width} cells`;
  const imageType = ["DERIVED", "PRIMARY", "OTHER", "NONE"];
  const [low, high] = range(map.values);
  const dimensionUid = newUid();
  const shared: DataElements = [
    derivedFrom(source, kind),
    sequence(0x00409096, [
      text(0x00283003, "LO", "Raw map values"),
      coded(0x004008ea, { value: "1", scheme: "UCUM", meaning: "no units" }),
      text(0x00409210, "SH", "RAW"),
      { tag: 0x00409214, vr: "FD", value: [low] },
      { tag: 0x00409213, vr: "FD", value: [high] },
      { tag: 0x00409224, vr: "FD", value: [0] },
      { tag: 0x00409225, vr: "FD", value: [1] },
      sequence(0x00409220, [
        text(0x0040a040, "CS", "CODE"),
        coded(0x0040a043, { value: "246205007", scheme: "SCT", meaning: "Quantity" }),
        coded(0x0040a168, kind),
      ]),
    ]),
    sequence(0x00409092, [text(0x00089007, "CS", imageType)]),
    sequence(0x00289145, [
      text(0x00281052, "DS", "0"),
      text(0x00281053, "DS", "1"),
      text(0x00281054, "LO", "US"),
    ]),
    ...planeGroups(plane),
  ];
  const elements: DataElements = [
    ...commonModules(
      { ...object.ids, sopClass: parametricMapClass, modality: "OT", description: "map" },
      source,
      facts,
    ),
    text(0x00080008, "CS", imageType),
    text(0x00200052, "UI", source.frameOfReference ?? newUid()),
    text(0x00201040, "LO", ""),
    referencedSeries([source]),
    text(0x00189004, "CS", "RESEARCH"),
    ...size(rows, columns),
    text(0x00280004, "CS", "MONOCHROME2"),
    text(0x00280008, "IS", "1"),
    { tag: 0x00280100, vr: "US", value: [32] },
    ...(enlarged?.hasUncovered
      ? [0x00280122, 0x00280124].map((tag) => ({ tag, vr: "FL" as const, value: [uncovered] }))
      : []),
    text(0x00280301, "CS", "NO"),
    text(0x00280302, "CS", "NO"),
    text(0x00282110, "CS", "00"),
    text(0x20500020, "CS", "IDENTITY"),
    text(0x00700080, "CS", "HANSIGHT_MAP"),
    text(0x00700081, "LO", described(native)),
    text(0x00700084, "PN", ""),
    text(
      0x00204000,
      "LT",
      `${notice}. ${method}. Native size ${native}.${isPlaced ? "" : pixelWords}`,
    ),
    sequence(0x00400555),
    ...dimension(dimensionUid, 0x00209056, 0x00209111, "Map"),
    sequence(0x52009229, shared),
    sequence(0x52009230, [
      sequence(0x00209111, [
        text(0x00209056, "SH", "1"),
        { tag: 0x00209057, vr: "UL", value: [1] },
        { tag: 0x00209157, vr: "UL", value: [1] },
      ]),
      planePosition(plane),
    ]),
    { tag: 0x7fe00008, vr: "OF", value: bytesOf(values) },
  ];
  return writePart10(isPlaced ? "explicit" : "deflated", elements);
}

function range(values: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice(); // little-endian, as typed arrays are here
}
