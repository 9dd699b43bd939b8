import { describe, expect, it } from "vitest";
import { blendHeat } from "../../shared/heatmap/blend.ts";
import { colourTable } from "../../shared/heatmap/colour-maps.ts";
import { enlargeSmooth } from "../../shared/heatmap/enlarge.ts";
import { paintHeat, type HeatStyle } from "./paint.ts";

/** Red tells the table's index, so that the drawn value can be read back. */
const colours = Uint8Array.from({ length: 768 }, (_, at) => (at % 3 === 0 ? at / 3 : 0));
const style: HeatStyle = { colours, low: 0, high: 4, threshold: 0, isSmooth: true };
const grid = { values: Float32Array.of(0, 1, 2, 4), width: 2, height: 2 };
const whole = { x0: 0, y0: 0, x1: 1, y1: 1 };

function painted(width: number, height: number, window = whole, more: Partial<HeatStyle> = {}) {
  const target = new Uint8ClampedArray(4 * width * height);
  paintHeat(target, width, height, grid, window, { ...style, ...more });
  const channel = (offset: number) =>
    Array.from({ length: width * height }, (_, pixel) => target[4 * pixel + offset]);
  return { red: channel(0), alpha: channel(3) };
}

describe("painting heat", () => {
  it("draws the same values as the enlargement that the report uses", () => {
    const expected = [...enlargeSmooth(grid.values, 2, 2, 8, 8)].map((v) =>
      Math.round((v / 4) * 255),
    );
    expect(painted(8, 8).red).toEqual(expected);
  });

  it("draws what the report's pictures show, but for the softened edge", () => {
    const map = {
      values: Float32Array.from({ length: 49 }, (_, i) => Math.sin(i) * 3),
      width: 7,
      height: 7,
    };
    const black = new Uint8Array(4 * 60 * 60);
    const range = { low: 0, high: 2.5 };
    for (const isSmooth of [true, false]) {
      const view = { colours: "viridis", range, opacity: 1, threshold: 0.35, isSmooth } as const;
      const seen = { x: 0, y: 0, w: 1, h: 1 };
      const report = blendHeat(black, 60, 60, map, seen, view);
      const target = new Uint8ClampedArray(4 * 60 * 60);
      const own = { colours: colourTable("viridis"), ...range, threshold: 0.35, isSmooth };
      paintHeat(target, 60, 60, map, whole, own);
      let edge = 0;
      for (let pixel = 0; pixel < 3600; pixel++) {
        const [a, b] = [target[4 * pixel + 3], report[4 * pixel + 3]];
        if (a !== b) edge++;
        else if (b === 255)
          for (let c = 0; c < 3; c++)
            expect(Math.abs(target[4 * pixel + c] - report[4 * pixel + c])).toBeLessThanOrEqual(2);
      }
      expect(edge).toBeLessThan(isSmooth ? 420 : 1);
    }
  });

  it("draws a part of the map as the same pixels of the whole", () => {
    const all = painted(8, 8).red;
    const part = painted(4, 4, { x0: 0.25, y0: 0.5, x1: 0.75, y1: 1 }).red;
    const cut = [4, 5, 6, 7].flatMap((y) => all.slice(y * 8 + 2, y * 8 + 6));
    expect(part).toEqual(cut);
  });

  it("leaves what the model did not see, and what is under the threshold, transparent", () => {
    const { alpha } = painted(4, 1, { x0: -1, y0: 0, x1: 1, y1: 1 });
    expect(alpha).toEqual([0, 0, 255, 255]);
    const blocky = painted(2, 2, whole, { isSmooth: false, threshold: 0.4 });
    expect(blocky.alpha).toEqual([0, 0, 255, 255]);
    expect(blocky.red).toEqual([0, 0, 128, 255]);
  });

  it("lets the opacity follow the value where that is asked for", () => {
    const { alpha } = painted(2, 2, whole, { isSmooth: false, followsValue: true });
    expect(alpha).toEqual([0, 63, 127, 255]); // 0, 1, 2 and 4 of 4, rounded down
  });

  it("softens the threshold's edge over no more than a pixel", () => {
    // One row rising from 0 to 1 over 100 pixels: exactly one pixel is neither drawn nor left out.
    const ramp = { values: Float32Array.of(0, 1), width: 2, height: 1 };
    const target = new Uint8ClampedArray(4 * 200);
    paintHeat(target, 200, 1, ramp, whole, { ...style, high: 1, threshold: 0.352 });
    const alpha = Array.from({ length: 200 }, (_, x) => target[4 * x + 3]);
    expect(alpha.filter((a) => a > 0 && a < 255).length).toBeLessThanOrEqual(1);
    // 0.352 lies at pixel 50 + 35.2 of the 200
    expect(alpha[84]).toBe(0);
    expect(alpha[87]).toBe(255);
  });
});
