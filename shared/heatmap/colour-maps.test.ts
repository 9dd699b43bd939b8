import { describe, expect, it } from "vitest";
import { colourMapIds, colourMapOf, colourMaps, colourTable } from "./colour-maps.ts";

/** CIE L* of sRGB bytes, D65. */
function lightness(red: number, green: number, blue: number): number {
  const linear = (byte: number) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  const y = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27;
}

function lightnesses(id: (typeof colourMapIds)[number]): number[] {
  const table = colourTable(id);
  return Array.from({ length: 256 }, (_, i) =>
    lightness(table[3 * i], table[3 * i + 1], table[3 * i + 2]),
  );
}

describe("colour maps", () => {
  for (const id of colourMapIds.filter((id) => colourMaps[id].isOrdered))
    it(`${id} rises in lightness all the way`, () => {
      const l = lightnesses(id);
      // a step of a whole table is 0.3 to 0.4; bytes are rounded, so two steps are looked at
      for (let i = 1; i < 256; i++) expect(l[i], `${id} at ${i}`).toBeGreaterThanOrEqual(l[i - 1]);
      for (let i = 2; i < 256; i++) expect(l[i], `${id} at ${i}`).toBeGreaterThan(l[i - 2]);
    });

  it("have the end lightnesses of visual-language.md 2", () => {
    const ends = {
      viridis: [15, 91],
      cividis: [14, 91],
      magma: [0, 98],
      inferno: [0, 98],
    } as const;
    for (const [id, [dark, light]] of Object.entries(ends)) {
      const l = lightnesses(colourMapOf(id));
      expect(Math.abs(l[0] - dark), id).toBeLessThan(1);
      expect(Math.abs(l[255] - light), id).toBeLessThan(1);
    }
  });

  it("go through viridis's published quarter points within two steps of 255", () => {
    // matplotlib's viridis at 64, 128 and 192 of 255
    const published = { 64: [58, 82, 139], 128: [32, 144, 140], 192: [94, 201, 97] };
    const table = colourTable("viridis");
    for (const [at, colour] of Object.entries(published))
      colour.forEach((value, c) =>
        expect(Math.abs(table[3 * Number(at) + c] - value), `${at}`).toBeLessThanOrEqual(2),
      );
  });

  it("have their white, and nothing lighter, in the middle of the signed map", () => {
    const l = lightnesses("blue-white-red");
    expect(Math.abs(l.indexOf(Math.max(...l)) - 127.5)).toBeLessThan(4);
    for (let i = 0; i < 127; i++) expect(Math.abs(l[i] - l[255 - i])).toBeLessThan(6);
  });

  it("offer the rainbow last and fall back to viridis", () => {
    expect(colourMapIds.at(-1)).toBe("rainbow");
    expect(colourMapOf("nonsense")).toBe("viridis");
  });
});
