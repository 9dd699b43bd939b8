import { describe, expect, it } from "vitest";
import { blendHeat, drawMap, type HeatView } from "./blend.ts";
import { colourTable } from "./colour-maps.ts";
import { contours, type Contour } from "./contour.ts";
import { formatRaw, legendOf } from "./legend.ts";
import { displayRange, inRange } from "./scaling.ts";

const view: HeatView = {
  colours: "viridis",
  range: { low: 0, high: 4 },
  opacity: 0.45,
  threshold: 0.35,
  isSmooth: true,
};
const whole = { x: 0, y: 0, w: 1, h: 1 };
const grid = { values: [0, 1, 2, 4], height: 2, width: 2 };

function greyPicture(pixels: number, value: number): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 4 * pixels }, (_, i) => (i % 4 === 3 ? 255 : value));
}

describe("blending heat over a picture", () => {
  it("covers by the opacity where the value reaches the threshold and leaves the rest", () => {
    const out = blendHeat(greyPicture(4, 100), 2, 2, grid, whole, view);
    const top = colourTable("viridis").slice(765);
    expect([...out.slice(0, 4)]).toEqual([100, 100, 100, 255]); // 0
    expect([...out.slice(4, 8)]).toEqual([100, 100, 100, 255]); // 1/4, under 35 %
    const expected = [...top].map((c) => Math.round(100 * 0.55 + c * 0.45));
    expect([...out.slice(12, 15)]).toEqual(expected); // 4/4
  });

  it("places the map where the model saw, and keeps what it did not see", () => {
    const map = { values: [4], height: 1, width: 1 };
    const out = blendHeat(greyPicture(4, 0), 4, 1, map, { x: 0.25, y: 0, w: 0.5, h: 1 }, view);
    expect([0, 1, 2, 3].map((pixel) => out[4 * pixel] > 0)).toEqual([false, true, true, false]);
  });

  it("can make opacity follow the value", () => {
    const out = blendHeat(greyPicture(4, 0), 2, 2, grid, whole, {
      ...view,
      opacityFollowsValue: true,
    });
    const half = colourTable("viridis").slice(3 * 128, 3 * 128 + 3);
    expect(out[8 + 1]).toBe(Math.round(half[1] * 0.45 * 0.5));
  });

  it("draws the map alone in full, transparent where the model did not see", () => {
    const out = drawMap(
      2,
      1,
      { values: [4], height: 1, width: 1 },
      { x: 0, y: 0, w: 0.5, h: 1 },
      view,
    );
    expect([...out]).toEqual([...colourTable("viridis").slice(765), 255, 0, 0, 0, 0]);
  });
});

describe("scaling", () => {
  const raw = { rawMin: -2, rawMax: 5, runP99: 8 };

  it("runs from no evidence to the run's percentile, the item's maximum or a fixed range", () => {
    expect(displayRange({ kind: "run-p99" }, raw)).toEqual({ low: 0, high: 8 });
    expect(displayRange({ kind: "item" }, raw)).toEqual({ low: 0, high: 5 });
    expect(displayRange({ kind: "fixed", min: 1, max: 3 }, raw)).toEqual({ low: 1, high: 3 });
    expect(displayRange({ kind: "run-p99" }, { ...raw, runP99: null })).toEqual({
      low: 0,
      high: 5,
    });
  });

  it("has a fixed zero in the middle of signed maps", () => {
    expect(displayRange({ kind: "item" }, { ...raw, rawMin: -9 }, true)).toEqual({
      low: -9,
      high: 9,
    });
  });

  it("shows nothing of a map without positive values", () => {
    const range = displayRange({ kind: "item" }, { rawMin: -2, rawMax: -1, runP99: null });
    expect(inRange(-1, range)).toBe(0);
  });
});

/** Twice the signed area of a closed line; positive when it runs clockwise on the screen. */
function area(line: Contour): number {
  let sum = 0;
  for (let i = 0; i + 3 < line.length; i += 2)
    sum += line[i] * line[i + 3] - line[i + 2] * line[i + 1];
  return sum / 2;
}

describe("contours", () => {
  const bump = (side: number, f: (x: number, y: number) => number) => ({
    values: Float64Array.from({ length: side * side }, (_, i) =>
      f(((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side),
    ),
    height: side,
    width: side,
  });

  it("enclose a disc of the right area in one closed line", () => {
    const cone = bump(40, (x, y) => -Math.hypot(x - 0.5, y - 0.5));
    const lines = contours(cone, -0.3, 4);
    expect(lines.length).toBe(1);
    expect(lines[0].slice(0, 2)).toEqual(lines[0].slice(-2));
    expect(area(lines[0])).toBeCloseTo(Math.PI * 0.09, 3);
  });

  it("run the other way round a hole", () => {
    const ring = bump(40, (x, y) => -Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.25));
    const areas = contours(ring, -0.1, 4)
      .map(area)
      .toSorted((a, b) => a - b);
    expect(areas.length).toBe(2);
    expect(areas[0]).toBeCloseTo(-Math.PI * 0.15 ** 2, 2);
    expect(areas[1]).toBeCloseTo(Math.PI * 0.35 ** 2, 2);
  });

  it("close an area that reaches the edge along the edge", () => {
    const lines = contours({ values: [1, 0], height: 1, width: 2 }, 0.5);
    expect(lines.length).toBe(1);
    expect(area(lines[0])).toBeCloseTo(0.5, 6);
    expect(contours({ values: [1], height: 1, width: 1 }, 0.5).map(area)).toEqual([
      expect.closeTo(1, 9),
    ]);
  });

  it("keep two corners of a saddle apart when its middle is low, and join them when it is high", () => {
    const saddle = { values: [1, 0, 0, 1], height: 2, width: 2 };
    expect(contours(saddle, 0.6).length).toBe(2);
    expect(contours(saddle, 0.4).length).toBe(1);
  });

  it("are none where nothing reaches the level", () => {
    expect(contours({ values: [1, 2, 3, 4], height: 2, width: 2 }, 5)).toEqual([]);
  });
});

describe("the legend", () => {
  it("says colours, scaling, raw range, threshold and true resolution", () => {
    const legend = legendOf({
      colours: "viridis",
      scaling: { kind: "run-p99" },
      range: { low: 0, high: 8 },
      rawMin: -1.234,
      rawMax: 3.1,
      threshold: 0.35,
      native: { width: 7, height: 7 },
      shown: { width: 511.6, height: 512 },
      isSmooth: true,
    });
    expect(legend.line).toBe(
      "Viridis · run 99th percentile · raw −1.23 to 3.1 · from 35 % (raw 2.8) · 7 × 7 → 512 × 512, smooth",
    );
    expect([legend.low, legend.high]).toEqual(["0", "8"]);
  });

  it("writes raw values in three digits", () => {
    expect([0, 3.14159, 0.0123456, 1234.5, 123456, -0.00012].map(formatRaw)).toEqual([
      "0",
      "3.14",
      "0.0123",
      "1235",
      "1.23e5",
      "−1.20e−4",
    ]);
  });
});
