import { describe, expect, it } from "vitest";
import { controlPlaces, type PlaceRequest } from "./control-places.ts";
import { stampOf } from "./stamp.ts";

const side = 32;
const whole = { left: 0, top: 0, right: side, bottom: side };

/** Coverage of a box of the 32 × 32 input. */
function box(left: number, top: number, width: number, height: number): Float32Array {
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return Number(x >= left && x < left + width && y >= top && y < top + height);
  });
}

const region = stampOf(box(2, 2, 4, 3));
const request: PlaceRequest = {
  width: side,
  height: side,
  visible: whole,
  region,
  evidence: null,
  heat: null,
  count: 20,
  seed: 7,
};

describe("places for controls", () => {
  it("have the region's shape and touch neither it nor evidence", () => {
    const evidence = box(20, 20, 8, 8);
    const places = controlPlaces({ ...request, evidence });
    expect(places).toHaveLength(20);
    for (const { stamp, left, top } of places) {
      expect(stamp.pixels).toHaveLength(12);
      expect([...stamp.pixels]).toEqual([...stamp.pixels].sort((a, b) => a - b));
      const isApart = (x: number, y: number, w: number, h: number) =>
        left + 4 < x || left > x + w || top + 3 < y || top > y + h;
      expect(isApart(2, 2, 4, 3)).toBe(true); // a pixel at least between them
      expect(isApart(20, 20, 8, 8)).toBe(true);
    }
  });

  it("are the same for the same seed, and others for another", () => {
    const corners = (seed: number) =>
      controlPlaces({ ...request, seed }).map(({ left, top }) => [left, top]);
    expect(corners(7)).toEqual(corners(7));
    expect(corners(8)).not.toEqual(corners(7));
  });

  it("lie inside what the model saw of the picture", () => {
    const visible = { left: 8, top: 0, right: 24, bottom: side };
    for (const { left } of controlPlaces({
      ...request,
      visible,
      region: stampOf(box(9, 2, 4, 3)),
    })) {
      expect(left).toBeGreaterThanOrEqual(8);
      expect(left + 4).toBeLessThanOrEqual(24);
    }
  });

  it("are no hotter than the median of all such places", () => {
    // The left half is cold, the right half hot: half of the places and a few more are cold.
    const heat = Float32Array.from({ length: side * side }, (_, i) => Number(i % side >= 16));
    const places = controlPlaces({ ...request, heat });
    expect(places.length).toBeGreaterThan(0);
    const hottest = Math.max(
      ...places.map(({ stamp }) => stamp.pixels.reduce((sum, p) => sum + heat[p], 0)),
    );
    expect(hottest).toBeLessThan(12);
  });

  it("are fewer where there is no room, and none for a region as large as the picture", () => {
    const half = stampOf(box(0, 0, 15, 32)); // beside it 17 columns: 16 lie apart, one place fits three times
    const few = controlPlaces({ ...request, region: half });
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThan(20);
    expect(controlPlaces({ ...request, region: stampOf(box(0, 0, 32, 32)) })).toEqual([]);
  });

  it("may be mirrored, and keep what the region covers of each pixel", () => {
    const corner = new Float32Array(side * side); // an L of three pixels, one of them half covered
    corner[2 * side + 2] = 1;
    corner[3 * side + 2] = 1;
    corner[3 * side + 3] = 0.5;
    const places = controlPlaces({ ...request, region: stampOf(corner) });
    const forms = new Set(
      places.map(({ stamp, left, top }) =>
        [...stamp.pixels]
          .map((p, i) => `${(p % side) - left},${Math.floor(p / side) - top}:${stamp.cover[i]}`)
          .join(" "),
      ),
    );
    expect(forms.size).toBe(4);
    for (const { stamp } of places)
      expect([...stamp.cover].sort((a, b) => a - b)).toEqual([0.5, 1, 1]);
  });
});
