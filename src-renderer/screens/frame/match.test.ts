import { describe, expect, it } from "vitest";
import { matching, matchScore } from "./match.ts";

const titles = ["Go to Grid", "Go to Report", "Fit picture", "Find in grid", "Theme: Dark"];

describe("matching typed words to commands", () => {
  it("takes beginnings of words in any order, without case and accents", () => {
    expect(matchScore("PIC fi", "Fit picture")).not.toBeNull();
    expect(matchScore("rapide", "Rápide")).not.toBeNull();
  });

  it("puts a word that begins earlier before one that begins later", () => {
    expect(matching("grid", titles, (t) => t)).toEqual(["Go to Grid", "Find in grid"]);
    expect(matching("fi", titles, (t) => t)).toEqual(["Fit picture", "Find in grid"]);
  });

  it("takes initials before scattered letters", () => {
    expect(matching("gtr", titles, (t) => t)[0]).toBe("Go to Report");
  });

  it("leaves out what lacks a typed letter, and a single letter that begins nothing", () => {
    expect(matching("xyz", titles, (t) => t)).toEqual([]);
    expect(matchScore("e", "Go to Grid")).toBeNull();
  });

  it("keeps everything in order when nothing is typed", () => {
    expect(matching("  ", titles, (t) => t)).toEqual(titles);
  });
});
