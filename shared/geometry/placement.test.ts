import { describe, expect, it } from "vitest";
import type { Geometry } from "../domain/preparation.ts";
import { cellAt, gridToPicture, pictureToGrid, rectOfCell, rectOfSeen } from "./frame.ts";
import { placementOf, seenAreaOf } from "./placement.ts";

const by = (geometry: Geometry, widthPx = 224, heightPx = widthPx) => ({
  geometry,
  widthPx,
  heightPx,
});

describe("placement", () => {
  it("cuts the longer side down to a whole number, as torchvision", () => {
    // 500 × 375 to a shorter side of 256: 500 · 256 / 375 = 341.33
    const crop = by({ kind: "crop", resize: 256 });
    expect(placementOf(crop, 500, 375)).toEqual({
      scaledWidth: 341,
      scaledHeight: 256,
      left: 58, // (341 − 224) / 2 = 58.5, rounded to even
      top: 16,
    });
    expect(placementOf(crop, 375, 500)).toMatchObject({ scaledWidth: 256, scaledHeight: 341 });
  });

  it("knows which part of the picture a crop saw", () => {
    const crop = by({ kind: "crop", resize: 256 });
    const placement = placementOf(crop, 1024, 512);
    expect(placement).not.toBeNull();
    if (placement)
      expect(seenAreaOf(crop, placement, 1024, 512)).toEqual({
        x: 288,
        y: 32,
        width: 448,
        height: 448,
      });
  });

  it("centres a letterbox and reaches beyond the picture", () => {
    const box = by({ kind: "letterbox" }, 100);
    const placement = placementOf(box, 400, 200);
    expect(placement).toEqual({ scaledWidth: 100, scaledHeight: 50, left: 0, top: -25 });
    if (placement)
      expect(seenAreaOf(box, placement, 400, 200)).toEqual({
        x: 0,
        y: -100,
        width: 400,
        height: 400,
      });
  });

  it("takes one size alone where nothing is resized", () => {
    expect(placementOf(by({ kind: "none" }, 32), 32, 32)).not.toBeNull();
    expect(placementOf(by({ kind: "none" }, 32), 33, 32)).toBeNull();
  });
});

describe("frames", () => {
  const picture = { width: 1024, height: 512 };
  const seen = { x: 288, y: 32, width: 448, height: 448 };
  const grid = { width: 7, height: 7 };

  it("invert one another", () => {
    const point = { x: 0.3, y: 0.7 };
    const back = gridToPicture(pictureToGrid(point, seen, picture, grid), seen, picture, grid);
    expect(back.x).toBeCloseTo(0.3, 12);
    expect(back.y).toBeCloseTo(0.7, 12);
  });

  it("find the cell under a point, and none where the model did not look", () => {
    // cells are 64 pixels: x 288 … 352 is column 0
    expect(cellAt({ x: 290 / 1024, y: 40 / 512 }, seen, picture, grid)).toEqual({
      row: 0,
      column: 0,
    });
    expect(cellAt({ x: 735 / 1024, y: 479 / 512 }, seen, picture, grid)).toEqual({
      row: 6,
      column: 6,
    });
    expect(cellAt({ x: 100 / 1024, y: 0.5 }, seen, picture, grid)).toBeNull();
  });

  it("lay a cell and the seen area back on the picture", () => {
    const cell = rectOfCell({ row: 1, column: 2 }, seen, picture, grid);
    const wanted = { x: 416 / 1024, y: 96 / 512, w: 64 / 1024, h: 64 / 512 };
    for (const side of ["x", "y", "w", "h"] as const)
      expect(cell[side]).toBeCloseTo(wanted[side], 12);
    expect(rectOfSeen(seen, picture)).toEqual({ x: 0.28125, y: 0.0625, w: 0.4375, h: 0.875 });
  });
});
