import { contours, type Contour } from "../../shared/heatmap/contour.ts";

export interface EvidenceOutline {
  readonly lines: readonly Contour[];
  /** Share of the picture that the mask covers. */
  readonly areaShare: number;
}

const finePx = 192;
const known = new WeakMap<ImageBitmap, EvidenceOutline>();

/** The outline of an evidence mask, in picture fractions. */
export function evidenceOutline(mask: ImageBitmap): EvidenceOutline {
  const found = known.get(mask);
  if (found) return found;
  const scale = Math.min(1, finePx / Math.max(mask.width, mask.height));
  const width = Math.max(1, Math.round(mask.width * scale));
  const height = Math.max(1, Math.round(mask.height * scale));
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (!context) return { lines: [], areaShare: 0 };
  context.imageSmoothingQuality = "high";
  context.drawImage(mask, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const values = Float32Array.from({ length: width * height }, (_, pixel) => data[4 * pixel] / 255);
  const made: EvidenceOutline = {
    lines: contours({ values, width, height }, 0.5, 1),
    areaShare: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
  known.set(mask, made);
  return made;
}
