import { describe, expect, it } from "vitest";
import { labelAgreement, type LabelledImage } from "./label-agreement.ts";
import { countsOfMask, encodeCounts } from "./rle.ts";

function image(labels: readonly number[]): LabelledImage {
  const [width, height] = [3, 2];
  const objects = [1, 2].map((value) => {
    const data = Uint8Array.from(labels, (label) => (label === value ? 255 : 0));
    return { class: value - 1, counts: encodeCounts(countsOfMask({ width, height, data })) };
  });
  return { width, height, objects };
}

describe("agreement of two labellings", () => {
  it("is the share of pixels named alike, background among them", () => {
    expect(labelAgreement(image([0, 1, 1, 2, 0, 0]), image([0, 1, 2, 2, 1, 0]))).toBeCloseTo(4 / 6);
    expect(labelAgreement(image([0, 1, 1, 2, 0, 0]), image([0, 1, 1, 2, 0, 0]))).toBe(1);
  });

  it("is unknown for pictures of two sizes", () => {
    expect(
      labelAgreement(image([0, 0, 0, 0, 0, 0]), { width: 2, height: 3, objects: [] }),
    ).toBeNaN();
  });
});
