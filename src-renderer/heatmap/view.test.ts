import { describe, expect, it } from "vitest";
import { fitView, panBy, toPane, toPicture, zoomAt } from "./view.ts";

const picture = { width: 320, height: 240 };
const pane = { width: 656, height: 516 };

describe("the view of a picture", () => {
  it("fits with a margin and is centred", () => {
    // (656 − 16) / 320 = 2, (516 − 16) / 240 = 2.083: the width decides
    expect(fitView(picture, pane)).toEqual({ zoom: 2, cx: 160, cy: 120 });
    expect(toPane(fitView(picture, pane), pane, { x: 0, y: 0 })).toEqual({ x: 8, y: 18 });
  });

  it("keeps the point under the pointer when it zooms", () => {
    const view = fitView(picture, pane);
    const at = { x: 500, y: 77 };
    const under = toPicture(view, pane, at);
    const nearer = zoomAt(view, pane, at, 3.7);
    expect(toPane(nearer, pane, under).x).toBeCloseTo(500, 9);
    expect(toPane(nearer, pane, under).y).toBeCloseTo(77, 9);
  });

  it("stops panning at the picture's edge", () => {
    const view = { zoom: 4, cx: 160, cy: 120 };
    expect(panBy(view, picture, 40, -80)).toEqual({ zoom: 4, cx: 150, cy: 140 });
    expect(panBy(view, picture, 1e6, 0).cx).toBe(0);
  });

  it("does not zoom past its limits", () => {
    const view = zoomAt({ zoom: 60, cx: 1, cy: 1 }, pane, { x: 0, y: 0 }, 10);
    expect(view.zoom).toBe(64);
  });
});
