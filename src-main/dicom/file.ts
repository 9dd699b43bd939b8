import { fail } from "../../shared/errors/app-error.ts";
import type { DicomKind } from "../../shared/errors/areas/dicom.ts";
import { codecFor } from "./codecs/registry.ts";
import type { CodedFrame, Values } from "./codecs/codec.ts";
import { uncompressedFrame } from "./codecs/uncompressed.ts";
import { toRgb } from "./colour.ts";
import { Damage } from "./damage.ts";
import type { DataSet } from "./data-set.ts";
import { encapsulatedFrame } from "./encapsulated.ts";
import {
  factsOf,
  kindOf,
  layoutOf,
  pixelTag,
  type DicomFacts,
  type Photometric,
  type PixelLayout,
} from "./facts.ts";
import { greyScaleOf, type GreyScale } from "./grey-scale.ts";
import { overlaysOf, type Overlay } from "./overlays.ts";
import { openPart10, syntaxes } from "./part10.ts";

/** Most pixels one frame may have by its header; what claims more is never unpacked. */
const maxFramePixels = 200_000_000;

/**
 * One frame's stored values, `[rows, columns, channels]`, before rescale, table, palette and window; YBR colours are
 * turned to RGB.
 */
export interface StoredFrame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly values: Values;
  /** What the values mean now; never YBR. */
  readonly photometric: Photometric;
}

/** A file of the image kind, opened: its facts, and its frames one by one. */
export interface DicomImage {
  readonly kind: "image";
  readonly file: string;
  readonly facts: DicomFacts;
  readonly layout: PixelLayout;
  /** Whether the file ends before its last element does: frames may be missing. */
  readonly isCut: boolean;
  readonly dataSet: DataSet;
  frame(number: number): Promise<StoredFrame>;
  greyScale(number: number): GreyScale;
  overlays(number: number): readonly Overlay[];
}

/** A DICOM file that holds no pixels. */
export interface DicomObject {
  readonly kind: "other";
  readonly file: string;
  readonly what: DicomKind;
  readonly facts: DicomFacts;
  readonly isCut: boolean;
  readonly dataSet: DataSet;
}

/**
 * Opens bytes as DICOM; `file` names them in errors. What is no DICOM or has a damaged header fails by its code; what
 * is DICOM but no image says what it is.
 */
export function openDicom(bytes: Uint8Array, file: string): DicomImage | DicomObject {
  const { dataSet, syntax, isCut } = naming(file, () => {
    if (bytes.length === 0) throw new Damage("empty");
    return openPart10(bytes) ?? fail("dicom/not-dicom", { file });
  });
  return naming(file, () => {
    const facts = factsOf(dataSet, syntax);
    const tag = pixelTag(dataSet);
    if (tag === null && !isCutImage(dataSet, isCut)) {
      if (dataSet.elements.size === 0) fail("dicom/unreadable", { file, why: "bad-header" });
      return { kind: "other", file, what: kindOf(dataSet), facts, isCut, dataSet };
    }
    if (tag === null) fail("dicom/unreadable", { file, why: "truncated" });
    const layout = layoutOf(dataSet);
    if (!layout) fail("dicom/unreadable", { file, why: "no-size" });
    checkLayout(file, layout);
    return {
      kind: "image",
      file,
      facts,
      layout,
      isCut,
      dataSet,
      frame: (number) => frameOf({ dataSet, layout, syntax, file, tag }, number),
      greyScale: (number) => greyScaleOf(dataSet, number, layout.isSigned),
      overlays: (number) => overlaysOf(dataSet, number),
    };
  });
}

/** Opens bytes as a DICOM image; another DICOM object fails as `dicom/no-image`. */
export function openDicomImage(bytes: Uint8Array, file: string): DicomImage {
  const opened = openDicom(bytes, file);
  if (opened.kind === "image") return opened;
  return fail("dicom/no-image", { file, kind: opened.what });
}

/** A file that states rows and columns and ends before its pixels was an image. */
function isCutImage(dataSet: DataSet, isCut: boolean): boolean {
  return isCut && dataSet.has(0x00280010) && dataSet.has(0x00280011);
}

function checkLayout(file: string, layout: PixelLayout): void {
  const { rows, columns, samplesPerPixel, bitsAllocated, number } = layout;
  if (rows * columns > maxFramePixels)
    fail("image/too-large", { file, width: columns, height: rows, limit: maxFramePixels });
  const isWhole = [1, 8, 16, 32].includes(bitsAllocated);
  if (number === "integer" && !isWhole)
    fail("dicom/unknown-pixels", { file, what: `${bitsAllocated} bits` });
  if (bitsAllocated === 1 && samplesPerPixel !== 1)
    fail("dicom/unknown-pixels", { file, what: "colours of 1 bit" });
}

interface Opened {
  readonly dataSet: DataSet;
  readonly layout: PixelLayout;
  readonly syntax: string;
  readonly file: string;
  readonly tag: number;
}

async function frameOf(opened: Opened, number: number): Promise<StoredFrame> {
  const { dataSet, layout, file } = opened;
  try {
    if (!(number >= 0 && number < layout.frames)) throw new Damage("no-frame");
    const coded = await codedFrame(opened, number);
    const values = usedBits(coded.values, layout);
    const isYbr = coded.photometric.startsWith("YBR");
    return {
      widthPx: layout.columns,
      heightPx: layout.rows,
      channels: layout.samplesPerPixel,
      values: isYbr ? toRgb({ ...coded, values }, dataSet, layout.bitsStored) : values,
      photometric: isYbr ? "RGB" : coded.photometric,
    };
  } catch (cause) {
    if (cause instanceof Damage)
      fail("dicom/frame-unreadable", { file, frame: number, why: cause.why }, { cause });
    throw cause;
  }
}

async function codedFrame(opened: Opened, number: number): Promise<CodedFrame> {
  const { dataSet, layout, syntax, file, tag } = opened;
  const element = dataSet.elements.get(tag);
  if (!element) throw new Damage("no-frame");
  if (!element.fragments) {
    const isPlain = Object.values<string>(syntaxes).includes(syntax);
    // A codec's syntax over pixels that are not encapsulated: some archives unpack and forget to say so.
    if (isPlain || codecFor(syntax)) return uncompressedFrame(dataSet, element, layout, number);
    return fail("dicom/unknown-syntax", { file, syntax: syntax.slice(0, 64) });
  }
  const codec =
    codecFor(syntax) ?? fail("dicom/unknown-syntax", { file, syntax: syntax.slice(0, 64) });
  const bytes = encapsulatedFrame(dataSet, element, layout.frames, number);
  if (!bytes) throw new Damage("truncated");
  return await codec.decode(bytes, layout);
}

/** Stored bits alone: what lies above or below them may be an overlay. */
function usedBits(values: Values, layout: PixelLayout): Values {
  const { bitsAllocated, bitsStored, highBit, isSigned, number } = layout;
  if (number !== "integer" || bitsStored >= bitsAllocated || bitsAllocated === 1) return values;
  const below = Math.max(0, Math.min(bitsAllocated, highBit + 1) - bitsStored);
  const up = 32 - bitsStored - below;
  const down = 32 - bitsStored;
  for (let i = 0; i < values.length; i++) {
    const shifted = values[i] << up;
    values[i] = isSigned ? shifted >> down : shifted >>> down;
  }
  return values;
}

function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof Damage) fail("dicom/unreadable", { file, why: cause.why }, { cause });
    throw cause;
  }
}
