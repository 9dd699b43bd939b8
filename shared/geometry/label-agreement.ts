import { decodeCounts, maskOfCounts } from "./rle.ts";

/** Labels of one image as COCO keeps them: compressed run lengths by class. */
export interface LabelledImage {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly { readonly class: number; readonly counts: string }[];
}

/** Share of pixels that two labellings of one image name alike; what neither labels is background in both. NaN: sizes differ. */
export function labelAgreement(a: LabelledImage, b: LabelledImage): number {
  if (a.width !== b.width || a.height !== b.height) return NaN;
  const [ofA, ofB] = [a, b].map(labelsOf);
  let alike = 0;
  for (let p = 0; p < ofA.length; p++) if (ofA[p] === ofB[p]) alike++;
  return alike / ofA.length;
}

function labelsOf({ width, height, objects }: LabelledImage): Int32Array {
  const labels = new Int32Array(width * height);
  for (const { class: index, counts } of objects) {
    const mask = maskOfCounts(decodeCounts(counts) ?? [], width, height);
    mask?.data.forEach((inside, p) => {
      if (inside) labels[p] = index + 1;
    });
  }
  return labels;
}
