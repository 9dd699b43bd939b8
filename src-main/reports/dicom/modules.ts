import {
  decimal,
  sequence,
  text,
  words,
  type DataElements,
  type WriteElement,
} from "../../dicom/write/element.ts";
import { codeItem, coded, dcm, ownScheme, type Code } from "./code.ts";
import type { Plane, SourceImage } from "./source.ts";

/** Words that begin every description: what the object is, and what it is not. */
export const notice = "Hansight audit, not for diagnosis";

/** What all objects of one export share. */
export interface ExportFacts {
  readonly auditId: string;
  readonly softwareVersion: string;
  readonly at: Date;
}

/** Identifiers of a new object. */
export interface NewObject {
  readonly sopClass: string;
  readonly instance: string;
  readonly series: string;
  readonly modality: "SR" | "OT" | "SEG" | "KO" | "DOC";
  readonly seriesNo: number;
  readonly instanceNo: number;
  /** After the notice; cut to what the attribute can hold. */
  readonly description: string;
}

/** Patient, study, series, equipment and SOP common: of the source's patient and study, by pseudonym and mapped UIDs. */
export function commonModules(
  object: NewObject,
  source: Pick<SourceImage, "patient" | "study">,
  { auditId, softwareVersion, at }: ExportFacts,
): WriteElement[] {
  return [
    text(0x00080012, "DA", date(at)),
    text(0x00080013, "TM", time(at)),
    text(0x00080016, "UI", object.sopClass),
    text(0x00080018, "UI", object.instance),
    text(0x00080020, "DA", ""),
    text(0x00080023, "DA", date(at)),
    text(0x00080030, "TM", ""),
    text(0x00080033, "TM", time(at)),
    text(0x00080050, "SH", ""),
    text(0x00080060, "CS", object.modality),
    text(0x00080070, "LO", "Hansight"),
    text(0x00080090, "PN", ""),
    sequence(0x00080110, [
      text(0x00080102, "SH", ownScheme),
      text(0x00080115, "ST", "Hansight terms of review"),
      text(0x00080116, "ST", "Hansight"),
    ]),
    text(0x0008103e, "LO", described(object.description)),
    text(0x00081090, "LO", "Hansight"),
    text(0x00100010, "PN", ""),
    text(0x00100020, "LO", source.patient),
    text(0x00100030, "DA", ""),
    text(0x00100040, "CS", ""),
    ...deidentified([dcm("113100", "Basic Application Confidentiality Profile")]),
    text(0x00181000, "LO", auditId.slice(0, 64)),
    text(0x00181020, "LO", softwareVersion),
    text(0x0020000d, "UI", source.study),
    text(0x0020000e, "UI", object.series),
    text(0x00200010, "SH", ""),
    text(0x00200011, "IS", String(object.seriesNo)),
    text(0x00200013, "IS", String(object.instanceNo)),
    ...(object.modality === "OT" ? [text(0x00200060, "CS", "")] : []),
  ];
}

/** How a file was de-identified, in the file (PS3.15 E.1.1). */
export function deidentified(methods: readonly Code[]): WriteElement[] {
  return [
    text(0x00120062, "CS", "YES"),
    text(
      0x00120063,
      "LO",
      methods.map(({ meaning }) => meaning.slice(0, 64)),
    ),
    sequence(0x00120064, ...methods.map(codeItem)),
    text(0x00280303, "CS", "REMOVED"),
  ];
}

/** The notice and what follows it, in at most 64 characters. */
export function described(what: string): string {
  return [...`${notice}: ${what}`].slice(0, 64).join("");
}

/** A reference to a source, and to its frame where it has several. */
export function sourceReference({ sopClass, instance, frame }: SourceImage): DataElements {
  return [
    text(0x00081150, "UI", sopClass),
    text(0x00081155, "UI", instance),
    ...(frame === null ? [] : [text(0x00081160, "IS", String(frame))]),
  ];
}

/** Common instance reference: sources by series, all in the object's study (PS3.3 C.12.2). */
export function referencedSeries(sources: readonly SourceImage[]): WriteElement {
  const bySeries = Map.groupBy(sources, ({ series }) => series);
  return sequence(
    0x00081115,
    ...[...bySeries].map(([series, own]): DataElements => {
      const instances = new Map(own.map((source) => [source.instance, source]));
      return [
        text(0x0020000e, "UI", series),
        sequence(
          0x0008114a,
          ...[...instances.values()].map((source) => sourceReference({ ...source, frame: null })),
        ),
      ];
    }),
  );
}

/** Derivation image: the map or segment comes from this picture, in this way. */
export function derivedFrom(source: SourceImage, how: Code): WriteElement {
  return sequence(0x00089124, [
    sequence(0x00082112, [
      ...sourceReference(source),
      coded(0x0040a170, dcm("121322", "Source image for image processing operation")),
    ]),
    coded(0x00089215, how),
  ]);
}

/** Pixel measures and orientation, the same for all frames. */
export function planeGroups(plane: Plane): WriteElement[] {
  return [
    sequence(0x00209116, [text(0x00200037, "DS", [...plane.row, ...plane.column].map(decimal))]),
    sequence(0x00289110, [
      ...(plane.thicknessMm === null ? [] : [text(0x00180050, "DS", decimal(plane.thicknessMm))]),
      text(0x00280030, "DS", [plane.rowMm, plane.columnMm].map(decimal)),
    ]),
  ];
}

export function planePosition(plane: Plane): WriteElement {
  return sequence(0x00209113, [text(0x00200032, "DS", plane.position.map(decimal))]);
}

/** One dimension: what tells the frames apart. */
export function dimension(
  uid: string,
  pointer: number,
  group: number,
  label: string,
): WriteElement[] {
  return [
    sequence(0x00209221, [text(0x00209164, "UI", uid)]),
    sequence(0x00209222, [
      text(0x00209164, "UI", uid),
      { tag: 0x00209165, vr: "AT", value: [pointer] },
      { tag: 0x00209167, vr: "AT", value: [group] },
      text(0x00209421, "LO", label),
    ]),
  ];
}

export function size(rows: number, columns: number): WriteElement[] {
  return [words(0x00280002, 1), words(0x00280010, rows), words(0x00280011, columns)];
}

export function date(at: Date): string {
  return at.toISOString().slice(0, 10).replaceAll("-", "");
}

export function time(at: Date): string {
  return at.toISOString().slice(11, 19).replaceAll(":", "");
}
