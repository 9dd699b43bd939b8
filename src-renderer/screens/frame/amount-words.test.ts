import { describe, expect, it } from "vitest";
import { bytesWords, dayWords, durationWords, etaWords } from "./amount-words.ts";

describe("amounts in words", () => {
  it("says time left as one number when both ends round to the same", () => {
    expect(etaWords([110, 130])).toBe("about 2 min left");
    expect(etaWords([21, 22])).toBe("about 20 s left");
  });

  it("says a range when they do not, each end with its unit", () => {
    expect(etaWords([40, 125])).toBe("40 s to 2 min left");
    expect(etaWords([3600, 7300])).toBe("1 h to 2 h left");
  });

  it("never says 60 s, 60 min or 0 s", () => {
    expect([58, 3590, 0.1].map(durationWords)).toEqual(["1 min", "1 h", "1 s"]);
  });

  it("counts bytes in decimal thousands", () => {
    expect([0, 999, 18_204, 4_100_000, 41_000_000, 2_000_000_000].map(bytesWords)).toEqual([
      "0 B",
      "999 B",
      "18 kB",
      "4.1 MB",
      "41 MB",
      "2.0 GB",
    ]);
  });

  it("names today and yesterday, and the year only when it is another", () => {
    const now = new Date(2026, 2, 12, 9, 0);
    expect(dayWords(new Date(2026, 2, 12, 8, 5), now)).toBe("today 08:05");
    expect(dayWords(new Date(2026, 2, 11, 23, 59), now)).toBe("yesterday 23:59");
    expect(dayWords(new Date(2026, 0, 3), now)).toBe("3 January");
    expect(dayWords(new Date(2025, 11, 31), now)).toBe("31 December 2025");
  });
});

describe("dates in digits", () => {
  it("has day and time in the reader's time zone, whatever day it is", () => {
    const now = new Date(2026, 2, 12, 9, 5);
    expect(dayWords(now, now, "iso")).toBe("2026-03-12 09:05");
    expect(dayWords(new Date(2024, 10, 1, 17, 40), now, "iso")).toBe("2024-11-01 17:40");
    expect(dayWords("no date", now, "iso")).toBe(dayWords("no date", now, "words"));
  });
});
