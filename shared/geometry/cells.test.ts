import { describe, expect, it } from "vitest";
import { cellsOf, pictureCells } from "./cells.ts";
import type { Mask } from "./mask.ts";

const mask = (width: number, height: number, ...on: readonly number[]): Mask => {
  const data = new Uint8Array(width * height);
  for (const i of on) data[i] = 255;
  return { width, height, data };
};
const whole = (width: number, height: number) => ({ x: 0, y: 0, width, height });

describe("a mask on a map's grid", () => {
  it("is the mean of what lies under each cell", () => {
    // 4 × 2 pixels on 2 × 1 cells: one pixel of four, three of four
    const m = mask(4, 2, 0, 2, 3, 6);
    const size = { width: 4, height: 2 };
    expect([...cellsOf(m, whole(4, 2), size, { width: 2, height: 1 })]).toEqual([0.25, 0.75]);
  });

  it("splits a pixel between cells by area", () => {
    // 3 pixels on 2 cells of 1.5: the middle one gives a third of a cell to each
    const size = { width: 3, height: 1 };
    const cells = cellsOf(mask(3, 1, 1), whole(3, 1), size, { width: 2, height: 1 });
    expect(cells[0]).toBeCloseTo(1 / 3, 6);
    expect(cells[1]).toBeCloseTo(1 / 3, 6);
  });

  it("fills cells that are finer than its pixels", () => {
    const size = { width: 2, height: 1 };
    const grid = { width: 4, height: 2 };
    expect([...cellsOf(mask(2, 1, 1), whole(2, 1), size, grid)]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it("lies over the whole picture at any resolution", () => {
    const picture = { width: 640, height: 480 };
    const seen = { x: 80, y: 0, width: 480, height: 480 };
    const grid = { width: 3, height: 3 };
    const left = (size: number): Mask => {
      const isOn = (i: number) => i % size < size / 2;
      const data = Uint8Array.from({ length: size * size }, (_, i) => (isOn(i) ? 255 : 0));
      return { width: size, height: size, data };
    };
    // the left half of the picture ends at x = 320, the middle of the grid's second column
    const wanted = [1, 0.5, 0, 1, 0.5, 0, 1, 0.5, 0];
    for (const size of [2, 8, 640])
      cellsOf(left(size), seen, picture, grid).forEach((value, i) =>
        expect(value).toBeCloseTo(wanted[i], 6),
      );
  });

  it("does not reach into what letterboxing added", () => {
    // a 4 × 2 picture in a square: a quarter of the square above, a quarter below
    const seen = { x: 0, y: -1, width: 4, height: 4 };
    const size = { width: 4, height: 2 };
    const grid = { width: 1, height: 4 };
    const all = mask(4, 2, 0, 1, 2, 3, 4, 5, 6, 7);
    expect([...cellsOf(all, seen, size, grid)]).toEqual([0, 1, 1, 0]);
    expect([...pictureCells(seen, size, { width: 2, height: 2 })]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it("sums to the mask's area whatever the grid", () => {
    const on = Array.from({ length: 700 }, (_, i) => (i * 7919) % 3367);
    const m = mask(91, 37, ...on);
    const area = m.data.reduce((sum, value) => sum + value / 255, 0) / m.data.length;
    for (const [width, height] of [
      [7, 7],
      [13, 5],
      [91, 37],
      [100, 60],
    ]) {
      const cells = cellsOf(m, whole(91, 37), { width: 91, height: 37 }, { width, height });
      const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
      expect(mean).toBeCloseTo(area, 6);
    }
  });
});
