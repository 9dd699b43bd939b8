import { openDicom } from "../../dicom/file.ts";
import { keyObjectsClass } from "./key-objects.ts";
import { parametricMapClass } from "./parametric-map.ts";
import { segmentationClass } from "./segmentation.ts";
import { structuredReportClass } from "./structured-report.ts";

/** Attributes that every object has: with a value (type 1), or with or without one (type 2). */
const common = {
  filled: [0x00080016, 0x00080018, 0x00080060, 0x0020000d, 0x0020000e, 0x00120062, 0x00120064],
  present: [0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, 0x00100020, 0x00100030],
};
const frames = [0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011, 0x00280100];
const groups = [0x00080008, 0x00080023, 0x00200013, 0x00209221, 0x00209222, 0x52009229, 0x52009230];
const equipment = [0x00080070, 0x00081090, 0x00181000, 0x00181020];
const label = [0x00700080, 0x00700081];
const tree = [0x00080023, 0x00080033, 0x00200013, 0x0040a040, 0x0040a043, 0x0040a050, 0x0040a730];

/** Type 1 attributes of each object's own modules, on its first level (PS3.3 A.75, A.51, A.35.3, A.35.4). */
const filledIn: Readonly<Record<string, readonly number[]>> = {
  [parametricMapClass]: [
    ...[...frames, ...groups, ...equipment, ...label],
    ...[0x00200052, 0x00189004, 0x00280301, 0x00280302, 0x00282110, 0x20500020, 0x7fe00008],
  ],
  [segmentationClass]: [
    ...[...frames, ...groups, ...equipment, ...label],
    ...[0x00280101, 0x00620001, 0x00620002, 0x00282110, 0x7fe00010],
  ],
  [structuredReportClass]: [...tree, ...equipment, 0x0040a491, 0x0040a493, 0x0040a375],
  [keyObjectsClass]: [...tree, 0x0040a375],
};

/** Required attributes that a written object lacks, as (gggg,eeee); asked before a file is offered. */
export function missingIn(bytes: Uint8Array): string[] {
  const { dataSet } = openDicom(bytes, "object");
  const filled = [...common.filled, ...(filledIn[dataSet.text(0x00080016)] ?? [])];
  return [
    ...filled.filter((tag) => !dataSet.has(tag)),
    ...common.present.filter((tag) => !dataSet.elements.has(tag)),
  ].map((tag) => {
    const digits = tag.toString(16).padStart(8, "0");
    return `(${digits.slice(0, 4)},${digits.slice(4)})`;
  });
}
