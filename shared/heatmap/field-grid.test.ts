import { describe, expect, it } from "vitest";
import { sampleSmooth } from "./enlarge.ts";
import { fieldGrid, isWide } from "./field-grid.ts";
import { enlargeGaussian } from "./gaussian-enlarge.ts";
import { legendOf } from "./legend.ts";

const axis = { inputPx: 224, jumpPx: 32, sizePx: 427, centrePx: 0, sigmaPx: 16 };
const field = { isDerived: true, down: axis, across: axis };
const map = {
  values: Float32Array.from({ length: 49 }, (_, i) => Math.sin(7 * i)),
  height: 7,
  width: 7,
};

describe("the grid that Gaussians are drawn from", () => {
  it("shows them to two hundredths of the range at every pixel of the input, where they are narrowest", () => {
    const grid = fieldGrid(map, field);
    const exact = enlargeGaussian(map, 224, 224, field);
    for (let y = 0; y < 224; y++)
      for (let x = 0; x < 224; x++) {
        const [x01, y01] = [(x + 0.5) / 224, (y + 0.5) / 224];
        const drawn = sampleSmooth(grid.values, grid.height, grid.width, x01, y01);
        expect(Math.abs(drawn - (exact[y * 224 + x] ?? NaN))).toBeLessThan(0.04);
      }
  });

  it("is never coarser than the map", () => {
    const fine = { values: new Float32Array(300 * 2), height: 2, width: 300 };
    expect(fieldGrid(fine, field)).toMatchObject({ height: 16, width: 300 });
  });

  it("is of one spot when a Gaussian is wider than a third of the input", () => {
    expect(isWide(field)).toBe(false);
    expect(isWide({ ...field, across: { ...axis, sigmaPx: 75 } })).toBe(true);
  });

  it("says in the legend how wide its Gaussians are, and when they are assumed or hide the map", () => {
    const size = (given: typeof field) =>
      legendOf({
        colours: "viridis",
        scaling: { kind: "item" },
        range: { low: 0, high: 1 },
        rawMin: 0,
        rawMax: 1,
        threshold: 0,
        native: map,
        shown: { width: 448, height: 448 },
        isSmooth: true,
        field: given,
      }).size;
    expect(size(field)).toBe("7 × 7 → 448 × 448, Gaussian, σ 16 of 224 px");
    expect(size({ ...field, isDerived: false })).toContain("one cell wide");
    const wide = { ...axis, sigmaPx: 80 };
    expect(size({ ...field, down: wide, across: wide })).toContain("every map is one spot");
  });
});
