import type { DataSet } from "./data-set.ts";
import type { DicomKind } from "../../shared/errors/areas/dicom.ts";
import { factsOf, kindOf, layoutOf, pixelTag, type DicomFacts } from "./facts.ts";
import { facetsOf } from "./facets.ts";
import { isIdentity } from "./identity.ts";
import { looksLikeDicom, openPart10, syntaxes } from "./part10.ts";

/** Enough for most files; and for everything before the pixels, per-frame groups of very long series left out. */
export const headerBytes = { usual: 16_384, most: 262_144 } as const;

/**
 * Whether a name may be a DICOM file's: known endings, none at all, or the last number of a UID. Names decide only
 * which files are opened; what is in them decides what they are.
 */
export function mayBeDicomName(name: string): boolean {
  const base = name.slice(name.lastIndexOf("/") + 1);
  return isDicomName(base) || /\.\d+$/.test(base) || !base.includes(".");
}

/** Whether a name says DICOM outright. */
export function isDicomName(name: string): boolean {
  return /\.(dcm|dicom|dic|ima)$/i.test(name);
}

/** What a file's header says, for listing it: nothing here names a patient but `facts.ids`, which does not print. */
export interface DicomHeader {
  readonly facts: DicomFacts;
  /** Frames that can be there: what the header states, held against the file's size. */
  readonly frames: number;
  readonly statedFrames: number;
  /** Whether what was read reaches the pixels: nothing before them is missing. */
  readonly isWhole: boolean;
  /** Where it lies and what it shows, for filters. */
  readonly facets: Readonly<Record<string, string>>;
  /** Value of the attribute that was asked for as a label; "" where it is missing. */
  readonly label: string;
}

/** What a file is by its first bytes. A damaged DICOM file is still an image to be listed: decoding says what it lacks. */
export type SniffedDicom =
  | { readonly kind: "image"; readonly header: DicomHeader | null }
  | { readonly kind: "object"; readonly what: DicomKind }
  | { readonly kind: "none" };

/** Looks at a file's first bytes; `bytes` is its whole size, `labelTag` an attribute to read as its label. */
export function sniffDicom(
  start: Uint8Array,
  bytes: number,
  labelTag: number | null = null,
): SniffedDicom {
  if (!looksLikeDicom(start.subarray(0, 512))) return { kind: "none" };
  // Without the standard's mark only a whole header tells DICOM from chance.
  const isMarked = Buffer.from(start.subarray(128, 132)).toString("latin1") === "DICM";
  const damaged: SniffedDicom = isMarked ? { kind: "image", header: null } : { kind: "none" };
  try {
    const opened = openPart10(start);
    if (!opened) return damaged;
    const { dataSet, syntax, isCut } = opened;
    const { elements } = dataSet;
    const hasSize = elements.has(0x00280010) && elements.has(0x00280011);
    const mayFollow = isCut && bytes > start.length; // pixels beyond what was read
    const isImage = pixelTag(dataSet) !== null || (hasSize && isCut) || mayFollow;
    if (!isImage) {
      const what = kindOf(dataSet);
      const isTold = what !== "other-object" || elements.has(0x00080016);
      return isTold ? { kind: "object", what } : damaged;
    }
    if (!hasSize && kindOf(dataSet) !== "other-object")
      return { kind: "object", what: kindOf(dataSet) };
    return { kind: "image", header: headerOf(dataSet, syntax, bytes, labelTag) };
  } catch {
    return damaged;
  }
}

function headerOf(
  dataSet: DataSet,
  syntax: string,
  bytes: number,
  labelTag: number | null,
): DicomHeader {
  const layout = layoutOf(dataSet);
  const statedFrames = layout?.frames ?? 1;
  return {
    facts: factsOf(dataSet, syntax),
    statedFrames,
    isWhole: pixelTag(dataSet) !== null,
    frames: Math.min(statedFrames, mostFrames(dataSet, syntax, bytes)),
    facets: facetsOf(dataSet),
    label: labelTag === null || isIdentity(labelTag) ? "" : dataSet.text(labelTag),
  };
}

/** Most unpacked bytes of a deflated file, as it is read. */
const mostInflatedBytes = 512_000_000;
/** Mark and length before each piece of compressed pixels. */
const fragmentHeadBytes = 8;

/**
 * Frames that a file of this size can hold: a number in a header costs nothing, a row in an audit does. Of a file cut
 * short the first frame that is not whole counts too: it is the row that says so.
 */
function mostFrames(dataSet: DataSet, syntax: string, bytes: number): number {
  const layout = layoutOf(dataSet);
  if (!layout) return 1;
  const { rows, columns, samplesPerPixel, bitsAllocated } = layout;
  const frameBytes = Math.max(
    1,
    Math.floor((rows * columns * samplesPerPixel * bitsAllocated) / 8),
  );
  if (syntax === syntaxes.deflated) return Math.floor(mostInflatedBytes / frameBytes) + 1;
  const tag = pixelTag(dataSet);
  const element = tag === null ? null : dataSet.elements.get(tag);
  const isNative = Object.values<string>(syntaxes).includes(syntax) && !element?.fragments;
  const room = bytes - (element?.at ?? 0);
  return Math.max(1, Math.floor(room / (isNative ? frameBytes : fragmentHeadBytes)) + 1);
}
