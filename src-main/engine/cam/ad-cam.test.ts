import { describe, expect, it } from "vitest";
import { mapItem, mapTools } from "../../../test/support/map-item.ts";
import { adCam } from "./ad-cam.ts";
import type { MapItem, RawMap } from "./method.ts";

const mapOf = async (item: MapItem): Promise<Float32Array> => {
  if (!("map" in adCam)) throw new Error("AD-CAM orders no pass");
  const made: RawMap | Float32Array = await adCam.map(mapTools({}), item);
  return made instanceof Float32Array ? made : made.map;
};

describe("AD-CAM", () => {
  it("hands activation to a position of like features and none to an unlike one", async () => {
    // two channels, three positions: features (1,0), (1,0), (0,1); the class reads channel 0
    const item = mapItem({
      activations: Float32Array.of(1, 1, 0, 0, 0, 1),
      gradients: Float32Array.of(3, 0, 0, 0, 0, 0), // mean of channel 0: 1
      k: 2,
      h: 1,
      w: 3,
    });
    expect([...(await mapOf(item))]).toEqual([1, 1, 0]);
  });

  it("keeps the sum of the positive part of Grad-CAM", async () => {
    const item = mapItem({
      activations: Float32Array.of(4, 1, 0, 2, 1, 3, 1, 0),
      gradients: Float32Array.of(1, 1, 1, 1, -1, -1, -1, -1),
      k: 2,
      h: 2,
      w: 2,
    });
    // Grad-CAM (3, −2, −1, 2): its positive part sums to 5
    const map = await mapOf(item);
    expect(map.reduce((a, b) => a + b)).toBeCloseTo(5, 5);
    expect(Math.min(...map)).toBeGreaterThanOrEqual(0);
  });

  it("gives zeros where nothing speaks for the class, and a single cell its own value", async () => {
    const against = mapItem({
      activations: Float32Array.of(1, 2),
      gradients: Float32Array.of(-1, -1),
      k: 1,
      h: 1,
      w: 2,
    });
    expect([...(await mapOf(against))]).toEqual([0, 0]);
    const single = mapItem({
      activations: Float32Array.of(2),
      gradients: Float32Array.of(3),
      k: 1,
      h: 1,
      w: 1,
    });
    expect([...(await mapOf(single))]).toEqual([6]);
  });
});
