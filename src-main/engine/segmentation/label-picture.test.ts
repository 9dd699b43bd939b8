import { describe, expect, it } from "vitest";
import {
  labelDefaults,
  refinements,
  type LabelOptions,
} from "../../../shared/domain/pseudo-labels.ts";
import { labelPicture, type LabelInput } from "./label-picture.ts";

const side = 96;
/** A bright square, columns and rows 32 to 63, on black. */
const isSquare = (x: number, y: number) => x >= 32 && x < 64 && y >= 32 && y < 64;
const plane = (of: (x: number, y: number) => number) =>
  Float32Array.from({ length: side * side }, (_, p) => of(p % side, Math.floor(p / side)));
const input: LabelInput = {
  // a map that knows the middle of the square alone, as maps do
  maps: [plane((x, y) => Math.exp(-((x - 47.5) ** 2 + (y - 47.5) ** 2) / 192))],
  width: side,
  height: side,
  seen: new Uint8Array(side * side).fill(1),
  small: (longer) => {
    const size = Math.min(side, longer);
    const rgb = Uint8Array.from({ length: 3 * size * size }, (_, i) => {
      const p = Math.floor(i / 3);
      const scale = side / size;
      return isSquare(((p % size) + 0.5) * scale, (Math.floor(p / size) + 0.5) * scale) ? 220 : 20;
    });
    return Promise.resolve({ width: size, height: size, rgb });
  },
};
const options: LabelOptions = {
  classes: "labels",
  backgroundClasses: [],
  ignoreBetween: null,
  refine: "none",
  ...labelDefaults,
  background: { kind: "threshold", value: 0.3 },
  crfSide: 24,
};

function overlapWithSquare(labels: Uint8Array): number {
  let [both, either] = [0, 0];
  labels.forEach((label, p) => {
    const inside = isSquare(p % side, Math.floor(p / side));
    if (inside && label === 1) both++;
    if (inside || label === 1) either++;
  });
  return both / either;
}

describe("labels of a picture", () => {
  it.each(refinements)("show the square, refined by %s", async (refine) => {
    const labels = await labelPicture(input, { ...options, refine });
    expect(new Set(labels)).toEqual(new Set([0, 1]));
    expect(overlapWithSquare(labels)).toBeGreaterThan(0.4);
  });

  it("fit the square's edges better after the CRF", async () => {
    const [plain, refined] = await Promise.all(
      (["none", "crf"] as const).map((refine) => labelPicture(input, { ...options, refine })),
    );
    expect(overlapWithSquare(refined)).toBeGreaterThan(overlapWithSquare(plain));
    expect(overlapWithSquare(refined)).toBeGreaterThan(0.9);
  });

  it("stay open between two thresholds, with the CRF and without", async () => {
    for (const refine of ["none", "crf"] as const) {
      const labels = await labelPicture(input, { ...options, refine, ignoreBetween: [0.05, 0.3] });
      expect(labels[47 * side + 47]).toBe(1);
      expect(labels[0]).toBe(0);
      if (refine === "none") expect(labels).toContain(255);
    }
  });

  it("stay open where the model saw nothing, and are background where no class is present", async () => {
    const seen = input.seen.map((_, p) => Number(p % side < 48));
    const labels = await labelPicture({ ...input, seen }, options);
    labels.forEach((label, p) => expect(label === 255).toBe(p % side >= 48));
    const none = await labelPicture({ ...input, maps: [] }, { ...options, refine: "both" });
    expect(new Set(none)).toEqual(new Set([0]));
  });
});
