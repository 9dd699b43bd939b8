import type { Mask } from "../../../shared/geometry/mask.ts";
import { sequence, text, words, type DataElements } from "../../dicom/write/element.ts";
import { writePart10 } from "../../dicom/write/part10.ts";
import { newUid } from "./uids.ts";
import { coded, dcm, type Code } from "./code.ts";
import {
  commonModules,
  derivedFrom,
  described,
  dimension,
  planeGroups,
  planePosition,
  referencedSeries,
  size,
  type ExportFacts,
  type NewObject,
} from "./modules.ts";
import type { SourceImage } from "./source.ts";

export const segmentationClass = "1.2.840.10008.5.1.4.1.1.66.4";

/** One segment: a kind of region, or a finding; segments may overlap. */
export interface Segment {
  readonly label: string;
  readonly type: Code;
  /** Of the source's rows × columns; a pixel belongs to it from half covered on. */
  readonly mask: Mask;
}

export interface Segmentation {
  readonly ids: Pick<NewObject, "instance" | "series" | "seriesNo" | "instanceNo">;
  readonly source: SourceImage;
  readonly segments: readonly Segment[];
}

/** Regions of one item: one binary frame per segment, in the source's pixels. */
export function writeSegmentation(object: Segmentation, facts: ExportFacts): Uint8Array {
  const { source, segments } = object;
  const { plane } = source;
  const dimensionUid = newUid();
  const elements: DataElements = [
    ...commonModules(
      { ...object.ids, sopClass: segmentationClass, modality: "SEG", description: "regions" },
      source,
      facts,
    ),
    text(0x00080008, "CS", ["DERIVED", "PRIMARY"]),
    ...(source.frameOfReference === null
      ? [text(0x00200020, "CS", "")]
      : [text(0x00200052, "UI", source.frameOfReference), text(0x00201040, "LO", "")]),
    referencedSeries([source]),
    ...size(source.rows, source.columns),
    text(0x00280004, "CS", "MONOCHROME2"),
    text(0x00280008, "IS", String(segments.length)),
    words(0x00280100, 1),
    words(0x00280101, 1),
    words(0x00280102, 0),
    words(0x00280103, 0),
    text(0x00282110, "CS", "00"),
    text(0x00620001, "CS", "BINARY"),
    sequence(
      0x00620002,
      ...segments.map(({ label, type }, i): DataElements => [
        words(0x00620004, i + 1),
        text(0x00620005, "LO", [...label].slice(0, 64).join("")),
        text(0x00620008, "CS", "MANUAL"),
        coded(0x00620003, {
          value: "49755003",
          scheme: "SCT",
          meaning: "Morphologically abnormal structure",
        }),
        coded(0x0062000f, type),
      ]),
    ),
    text(0x00700080, "CS", "HANSIGHT_REGIONS"),
    text(0x00700081, "LO", described("regions")),
    text(0x00700084, "PN", ""),
    ...dimension(dimensionUid, 0x0062000b, 0x0062000a, "Segment"),
    sequence(0x52009229, [
      derivedFrom(source, dcm("113076", "Segmentation")),
      ...(plane ? planeGroups(plane) : []),
    ]),
    sequence(
      0x52009230,
      ...segments.map((_, i): DataElements => [
        sequence(0x00209111, [{ tag: 0x00209157, vr: "UL", value: [i + 1] }]),
        ...(plane ? [planePosition(plane)] : []),
        sequence(0x0062000a, [words(0x0062000b, i + 1)]),
      ]),
    ),
    { tag: 0x7fe00010, vr: "OB", value: packed(segments.map(({ mask }) => mask)) },
  ];
  return writePart10("explicit", elements);
}

/** One bit a pixel, the lowest first, frames without gaps between them (PS3.5 8.1.1). */
export function packed(masks: readonly Mask[]): Uint8Array {
  const total = masks.reduce((sum, { data }) => sum + data.length, 0);
  const bits = new Uint8Array(Math.ceil(total / 8));
  let at = 0;
  for (const { data } of masks)
    for (const value of data) {
      if (value >= 128) bits[at >> 3] |= 1 << (at & 7);
      at++;
    }
  return bits;
}
