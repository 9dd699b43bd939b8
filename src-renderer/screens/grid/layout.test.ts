import { describe, expect, it } from "vitest";
import { gridLayout, maxScrollHeightPx, rowsInView, scrollMap, topToShow } from "./layout.ts";

describe("the grid's layout", () => {
  it.each([96, 128, 160, 224, 320] as const)(
    "fills rows of %i px pictures without passing the edge at any width",
    (size) => {
      for (let width = 340; width < 2600; width += 7) {
        const { columns, cellWidthPx, picturePx } = gridLayout(1000, width, size);
        expect(columns * cellWidthPx + (columns - 1) * 4).toBeLessThanOrEqual(width);
        expect(picturePx).toBeLessThanOrEqual(size + 20);
      }
    },
  );

  it("counts rows so that the last items have one", () => {
    expect(gridLayout(0, 700, 128).rows).toBe(0);
    const { rows, columns } = gridLayout(241, 700, 128);
    expect(rows * columns).toBeGreaterThanOrEqual(241);
    expect((rows - 1) * columns).toBeLessThan(241);
  });
});

describe("a scroll area of a million items", () => {
  const rowHeight = 186;
  const rows = 200_000;
  const view = 700;
  const map = scrollMap(rows, rowHeight, view);

  it("is never higher than 8,000,000 px", () => {
    expect(map.listPx).toBe(37_200_000);
    expect(map.scrollPx).toBe(maxScrollHeightPx);
  });

  it("reaches the first and the last row, and every row between by its own place", () => {
    expect(map.toTop(0)).toBe(0);
    expect(map.toTop(map.scrollPx - view)).toBeCloseTo(map.listPx - view, 3);
    for (const row of [1, 77, 99_999, 199_995]) {
      const top = row * rowHeight;
      expect(map.toTop(map.toScroll(top))).toBeCloseTo(top, 3);
      expect(rowsInView(top, view, rowHeight, rows, 0).first).toBe(row);
    }
  });

  it("is the list itself while the list is short", () => {
    const short = scrollMap(100, rowHeight, view);
    expect(short.toTop(1234)).toBe(1234);
    expect(short.toScroll(1234)).toBe(1234);
  });

  it("moves no further than needed to show a row", () => {
    expect(topToShow(2, 400, 700, 186)).toBe(372);
    expect(topToShow(3, 400, 700, 186)).toBe(400);
    expect(topToShow(6, 400, 700, 186)).toBe(7 * 186 - 700);
  });
});
