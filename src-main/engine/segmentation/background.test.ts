import { describe, expect, it } from "vitest";
import { argMaxPlanes, confidentLabels, withBackground } from "./background.ts";

const maps = [Float32Array.of(0, 0.6, 0.2, 0.5), Float32Array.of(0, 0.1, 0.15, 1)];
const at = (value: number) => [
  ...argMaxPlanes(withBackground(maps, 4, { kind: "threshold", value })),
];
const power = (value: number) => [
  ...argMaxPlanes(withBackground(maps, 4, { kind: "power", value })),
];

describe("a constant background", () => {
  it("of 0 leaves none where any map is over 0", () => {
    expect(at(0)).toEqual([0, 1, 1, 2]);
  });

  it("of 1 or more leaves nothing else; ties go to it", () => {
    expect(at(1)).toEqual([0, 0, 0, 0]);
    expect(at(1.5)).toEqual([0, 0, 0, 0]);
    expect(at(Math.fround(0.6))).toEqual([0, 0, 0, 2]);
  });
});

describe("background by power", () => {
  it("is 0.0256 beside 0.6 at α = 4, and 0.41 beside 0.2: object, background", () => {
    const [plane] = withBackground(maps, 4, { kind: "power", value: 4 });
    expect(plane[1]).toBeCloseTo(0.0256, 6);
    expect(plane[2]).toBeCloseTo(0.4096, 6);
    expect(power(4)).toEqual([0, 1, 0, 2]);
  });

  it("is 0.028 beside 0.2 at α = 16: object", () => {
    const [plane] = withBackground(maps, 4, { kind: "power", value: 16 });
    expect(plane[2]).toBeCloseTo(0.028, 3);
    expect(power(16)).toEqual([0, 1, 1, 2]);
  });

  it("without bounds remains only where every map is 0", () => {
    expect(power(1e6)).toEqual([0, 1, 1, 2]);
  });
});

it("labels are sure where a high threshold shows an object or a low one none", () => {
  const high = Uint8Array.of(0, 0, 2, 0);
  const low = Uint8Array.of(0, 1, 2, 2);
  expect([...confidentLabels(high, low)]).toEqual([0, 255, 2, 255]);
});
