import { describe, expect, it } from "vitest";
import { dateOf, hashOf, intervalOf, rateOf, score, whole } from "./numbers.ts";

/** As printed, with ordinary spaces, so that the cases can be read. */
const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("numbers of the report", () => {
  it("gives a rate with its count and its Wilson interval", () => {
    // the visual language's own example
    expect(plain(rateOf({ k: 26, n: 148 }))).toBe("17.6 % (26 of 148), 95 % 12.3–24.5");
    expect(rateOf({ k: 26, n: 148 })).toContain("17.6\u202f%");
  });

  it("lets the fraction lead under ten", () => {
    expect(plain(rateOf({ k: 6, n: 6 }))).toBe("6 of 6 (100.0 %), 95 % 61.0–100.0");
    expect(rateOf({ k: 0, n: 0 })).toBe("none counted");
  });

  it("has the intervals of the method document, 0 and n alike", () => {
    expect(intervalOf({ k: 0, n: 20 })).toBe("0.0–16.1");
    expect(intervalOf({ k: 1, n: 20 })).toBe("0.9–23.6");
    expect(intervalOf({ k: 12, n: 200 })).toBe("3.5–10.2");
    expect(intervalOf({ k: 50, n: 50 })).toBe("92.9–100.0");
    // the mock-up's
    expect(intervalOf({ k: 48, n: 50 })).toBe("86.5–98.9");
    expect(intervalOf({ k: 0, n: 54 })).toBe("0.0–6.6");
  });

  it("writes scores with two decimals and a true minus, counts in groups", () => {
    expect(score(0.956)).toBe("0.96");
    expect(score(-0.25)).toBe("−0.25");
    expect(whole(12480)).toBe("12,480");
  });

  it("writes times in the offset they came with", () => {
    expect(dateOf("2026-03-17T14:03:05.123Z")).toBe("17 March 2026, 14:03 UTC");
    expect(dateOf("2026-03-17T14:03:05+01:00")).toBe("17 March 2026, 14:03 +01:00");
  });

  it("writes hashes in groups of four", () => {
    expect(hashOf("7c41e09bd2f8aa", 12)).toBe("7c41 e09b d2f8");
  });
});
