import type { DicomKind } from "../../shared/errors/areas/dicom.ts";
import type { DataSet } from "./data-set.ts";
import { pixelData } from "./parse.ts";
import { PrivateIds } from "./private-ids.ts";

/** How stored values mean colour. */
export type Photometric =
  | "MONOCHROME1"
  | "MONOCHROME2"
  | "PALETTE COLOR"
  | "RGB"
  | "YBR_FULL"
  | "YBR_FULL_422"
  | "YBR_PARTIAL_420"
  | "YBR_PARTIAL_422"
  | "YBR_RCT"
  | "YBR_ICT";

/** How one frame's pixels are stored, before any codec. */
export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: 1 | 3;
  readonly photometric: Photometric;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** Whether colours lie plane by plane. */
  readonly isPlanar: boolean;
  /** Whole numbers, or floats of 32 or 64 bits. */
  readonly number: "integer" | "float" | "double";
}

/** Millimetres from one pixel to the next. */
export interface Spacing {
  readonly rowMm: number;
  readonly columnMm: number;
  /** In the patient, or at the detector, where things look larger than they are. */
  readonly at: "patient" | "detector";
}

/** What a header says of its image; nothing in it names a patient but `ids`, which does not print. */
export interface DicomFacts {
  readonly ids: PrivateIds;
  readonly sopClass: string;
  readonly syntax: string;
  /** Two capitals or so ("CT"); "" where missing. */
  readonly modality: string;
  readonly spacing: Spacing | null;
  /** Letters of the picture's left, top, right and bottom edge ("R", "A", "L", "P"); null where not known. */
  readonly edges: readonly [string, string, string, string] | null;
  /** Whether the file says that names are part of its pixels; null: it does not say. */
  readonly burnedIn: "yes" | "no" | null;
  readonly bodyPart: string;
  /** Maker and model: files of one device share a layout. */
  readonly device: string;
  /** Whether pixels went through a lossy codec, by the header. */
  readonly isLossy: boolean;
}

/** What a header says of its image. */
export function factsOf(dataSet: DataSet, syntax: string): DicomFacts {
  const burnedIn = dataSet.text(0x00280301).toUpperCase();
  return {
    ids: new PrivateIds(dataSet),
    sopClass: dataSet.text(0x00080016),
    syntax,
    modality: dataSet.text(0x00080060).toUpperCase().slice(0, 16),
    spacing: spacingOf(dataSet),
    edges: edgesOf(dataSet),
    burnedIn: burnedIn === "YES" ? "yes" : burnedIn === "NO" ? "no" : null,
    bodyPart: dataSet.text(0x00180015),
    device: [dataSet.text(0x00080070), dataSet.text(0x00081090)].filter(Boolean).join(" "),
    isLossy: dataSet.text(0x00282110) === "01",
  };
}

/** How the pixels are stored; null where the header does not state it. */
export function layoutOf(dataSet: DataSet): PixelLayout | null {
  const rows = dataSet.word(0x00280010);
  const columns = dataSet.word(0x00280011);
  const bitsAllocated = dataSet.word(0x00280100);
  if (!rows || !columns || !bitsAllocated) return null;
  const samplesPerPixel = (dataSet.word(0x00280002) ?? 1) === 1 ? 1 : 3;
  const bitsStored = dataSet.word(0x00280101) || bitsAllocated;
  const stated = dataSet.text(0x00280004).toUpperCase();
  return {
    rows,
    columns,
    frames: Math.max(1, dataSet.decimal(0x00280008) ?? 1),
    samplesPerPixel,
    photometric: photometrics.find((name) => name === stated) ?? fallback[samplesPerPixel],
    bitsAllocated,
    bitsStored: Math.min(bitsStored, bitsAllocated),
    highBit: dataSet.word(0x00280102) ?? bitsStored - 1,
    isSigned: dataSet.word(0x00280103) === 1,
    isPlanar: dataSet.word(0x00280006) === 1,
    number: dataSet.has(floatPixels) ? "float" : dataSet.has(doublePixels) ? "double" : "integer",
  };
}

export const floatPixels = 0x7fe00008;
export const doublePixels = 0x7fe00009;

/** The element that carries pixels; null where there is none. */
export function pixelTag(dataSet: DataSet): number | null {
  return [pixelData, floatPixels, doublePixels].find((tag) => dataSet.elements.has(tag)) ?? null;
}

/** What a data set is that holds no pixels, by its SOP class. */
export function kindOf(dataSet: DataSet): DicomKind {
  const sopClass = dataSet.text(0x00080016) || dataSet.text(0x00020002);
  const known = kinds.find(([prefix]) => (sopClass + ".").startsWith(prefix + "."));
  if (known) return known[1];
  if (dataSet.elements.has(0x00041220)) return "directory";
  const byModality: Record<string, DicomKind> = {
    SR: "report",
    RTPLAN: "plan",
    RTSTRUCT: "structures",
    PR: "presentation",
    DOC: "document",
    REG: "registration",
  };
  return byModality[dataSet.text(0x00080060)] ?? "other-object";
}

const storage = "1.2.840.10008.5.1.4.1.1.";
const kinds: readonly (readonly [prefix: string, kind: DicomKind])[] = [
  ["1.2.840.10008.1.3.10", "directory"],
  [storage + "88", "report"],
  [storage + "481.5", "plan"],
  [storage + "481.8", "plan"],
  [storage + "481.3", "structures"],
  [storage + "11", "presentation"],
  [storage + "104", "document"],
  [storage + "9", "waveform"],
  [storage + "66.1", "registration"],
  [storage + "66.3", "registration"],
  [storage + "66", "raw-data"],
  [storage + "4.2", "spectroscopy"],
];

const photometrics: readonly Photometric[] = [
  "MONOCHROME1",
  "MONOCHROME2",
  "PALETTE COLOR",
  "RGB",
  "YBR_FULL",
  "YBR_FULL_422",
  "YBR_PARTIAL_420",
  "YBR_PARTIAL_422",
  "YBR_RCT",
  "YBR_ICT",
];
const fallback = { 1: "MONOCHROME2", 3: "RGB" } as const;

/** A functional group that all frames share, or that of the first frame. */
export function sharedGroup(dataSet: DataSet, tag: number, frame = 0): DataSet | null {
  const own = dataSet.items(0x52009230)[frame]?.item(tag);
  return own ?? dataSet.item(0x52009229)?.item(tag) ?? null;
}

function spacingOf(dataSet: DataSet): Spacing | null {
  const measures = sharedGroup(dataSet, 0x00289110);
  const ways = [
    [measures?.decimals(0x00280030), "patient"],
    [dataSet.decimals(0x00280030), "patient"],
    [dataSet.decimals(0x00181164), "detector"],
  ] as const;
  for (const [values, at] of ways) {
    const [rowMm, columnMm = rowMm] = values ?? [];
    if (rowMm > 0 && columnMm > 0) return { rowMm, columnMm, at };
  }
  return null;
}

/** Letters from direction cosines: every axis that turns more than about 18° into the edge, the strongest first. */
function edgesOf(dataSet: DataSet): DicomFacts["edges"] {
  const plane = sharedGroup(dataSet, 0x00209116) ?? dataSet;
  const cosines = plane.decimals(0x00200037);
  if (cosines.length === 6 && cosines.every(Number.isFinite)) {
    const right = letters(cosines.slice(0, 3));
    const bottom = letters(cosines.slice(3));
    return right && bottom ? [opposite(right), opposite(bottom), right, bottom] : null;
  }
  const [right, bottom] = dataSet.texts(0x00200020); // a radiograph's rows and columns, as letters
  const isKnown = (text: string | undefined) => /^[LRAPHF]{1,3}$/.test(text ?? "");
  if (!isKnown(right) || !isKnown(bottom)) return null;
  return [opposite(right), opposite(bottom), right, bottom];
}

function letters(direction: readonly number[]): string {
  const names = ["LR", "PA", "HF"]; // towards positive, towards negative
  return direction
    .map((value, axis) => ({ size: Math.abs(value), letter: names[axis][value > 0 ? 0 : 1] }))
    .filter(({ size }) => size > 0.3)
    .toSorted((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join("");
}

function opposite(text: string): string {
  const pairs: Record<string, string> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };
  return [...text].map((letter) => pairs[letter]).join("");
}
