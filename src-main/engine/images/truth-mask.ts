import { basename } from "node:path";
import type { EvidenceSource } from "../../../shared/domain/evidence.ts";
import { resizeMask } from "../../../shared/geometry/mask.ts";
import { evidenceMask, type PictureSize } from "./evidence.ts";
import { readPaletteIndices } from "./mask-file.ts";

/** What is known of a picture's true classes: outputs of the model. */
export interface TruthSource {
  readonly evidence: EvidenceSource | null;
  readonly labels: readonly number[];
  readonly backgroundClasses: readonly number[];
  /** Outputs of the model: a palette that goes beyond them holds no class numbers. */
  readonly outputs: number;
}

/**
 * True labels of a picture, pixel by pixel: 0 background, output + 1, 255 unknown; null where nothing says. A palette picture's
 * numbers are classes, where it has several and none exceeds the outputs; any other mask counts as its picture's only label. A picture that shows background classes alone is background, whatever evidence it has.
 */
export async function truthMask(
  { evidence, labels, backgroundClasses, outputs }: TruthSource,
  picture: PictureSize,
): Promise<Uint8Array | null> {
  const { widthPx, heightPx } = picture;
  const objects = labels.filter((label) => !backgroundClasses.includes(label));
  if (labels.length > 0 && objects.length === 0) return new Uint8Array(widthPx * heightPx);
  if (!evidence) return null;
  const indices =
    evidence.kind === "mask-file"
      ? await readPaletteIndices(evidence.path, basename(evidence.path))
      : null;
  if (indices && evidence.kind === "mask-file") {
    const ignored = new Set([255, ...evidence.ignore]);
    const values = new Set(indices.data.filter((value) => value > 0 && !ignored.has(value)));
    const isBinary = values.size <= 1 && objects.length === 1;
    const areClasses = [...values].every((value) => value <= outputs);
    if (!isBinary && !areClasses && objects.length !== 1) return null;
    const hidden = new Set(backgroundClasses.map((label) => label + 1));
    const fitted = resizeMask(indices, widthPx, heightPx);
    return fitted.data.map((value) => {
      if (value === 0 || ignored.has(value)) return value === 0 ? 0 : 255;
      if (isBinary || !areClasses) return objects[0] + 1;
      return hidden.has(value) ? 0 : value;
    });
  }
  if (objects.length !== 1) return null;
  const [label] = objects;
  const mask = resizeMask(await evidenceMask(evidence, picture), widthPx, heightPx);
  return mask.data.map((value) => (value >= 128 ? label + 1 : 0));
}
