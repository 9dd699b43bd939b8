import { describe, expect, it } from "vitest";
import { countsOfMask, decodeCounts, encodeCounts, maskOfCounts } from "./rle.ts";

describe("COCO run lengths", () => {
  // Worked out by hand from the format: base 32, low digits first, bit 6 = more, sign in bit 5 of the last digit.
  it.each([
    ["0", [0]],
    ["5", [5]],
    ["?", [15]],
    ["`0", [16]], // 16 has bit 5 set, so a second digit keeps it positive
    ["P1", [32]],
    ["6150", [6, 1, 5, 1]], // the fourth is written as 1 − 1 = 0
    ["6124", [6, 1, 2, 5]], // 5 − 1 = 4
    ["6143M", [6, 1, 4, 4, 1]], // 1 − 4 = −3
  ])("%s says %j", (text, counts) => {
    expect(decodeCounts(text)).toEqual(counts);
    expect(encodeCounts(counts)).toBe(text);
  });

  it("are refused outside their alphabet, cut, or below nothing", () => {
    expect(decodeCounts("6 1")).toBeNull();
    expect(decodeCounts("P")).toBeNull(); // promises another digit
    expect(decodeCounts("O")).toBeNull(); // −1
  });

  it("run down the columns, background first", () => {
    // 3 wide, 2 high: column 0 is 0 1, column 1 is 1 0, column 2 is 0 1
    const mask = maskOfCounts([1, 2, 2, 1], 3, 2);
    expect(mask && [...mask.data]).toEqual([0, 255, 0, 255, 0, 255]);
  });

  it("must fill the picture", () => {
    expect(maskOfCounts([1, 2], 2, 2)).toBeNull();
    expect(maskOfCounts([1, 4], 2, 2)).toBeNull();
    expect(maskOfCounts([5, -1], 2, 2)).toBeNull();
  });

  it("come back from every mask of 3 × 3", () => {
    for (let bits = 0; bits < 512; bits++) {
      const data = Uint8Array.from({ length: 9 }, (_, i) => (bits & (1 << i) ? 255 : 0));
      const mask = { width: 3, height: 3, data };
      const counts = countsOfMask(mask);
      expect(decodeCounts(encodeCounts(counts))).toEqual(counts);
      expect(maskOfCounts(counts, 3, 3)).toEqual(mask);
    }
  });

  it("keep large counts", () => {
    const counts = [1_000_000, 3, 70_000, 1, 999_999];
    expect(decodeCounts(encodeCounts(counts))).toEqual(counts);
  });
});
