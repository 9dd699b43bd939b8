import type { Verdict } from "../../../shared/domain/review.ts";
import { describe, expect, it } from "vitest";
import {
  afterVerdict,
  markOf,
  nextOpen,
  openingAt,
  readyAround,
  stripAround,
  type Marks,
} from "./queue-walk.ts";

const of = (...verdicts: (Verdict | null)[]): Marks => Uint8Array.from(verdicts, markOf);
const marks = of("sound", null, "spurious", null);

describe("walking a queue", () => {
  it("passes over what is read, goes round, and says when nothing is left", () => {
    expect(nextOpen(marks, 0, 1)).toBe(1);
    expect(nextOpen(marks, 1, 1)).toBe(3);
    expect(nextOpen(marks, 3, 1)).toBe(1);
    expect(nextOpen(marks, 1, -1)).toBe(3);
    expect(nextOpen(of("sound"), 0, 1)).toBe(-1);
    expect(nextOpen(of(), 0, 1)).toBe(-1);
  });

  it("brings passed items back at the end", () => {
    expect(afterVerdict(marks, 0)).toBe(1);
    expect(afterVerdict(of("sound", null, "sound"), 2)).toBe(1);
    expect(afterVerdict(of("sound", "mixed", null), 2)).toBe(-1); // its own verdict is on the way
  });

  it("opens on the first unread", () => {
    expect(openingAt(marks)).toBe(1);
    expect(openingAt(of("sound", "mixed"))).toBe(0);
  });

  it("shows the current item in the middle, and the ends in full", () => {
    expect(stripAround(60, 30, 15)).toEqual({ from: 23, to: 38 });
    expect(stripAround(60, 2, 15)).toEqual({ from: 0, to: 15 });
    expect(stripAround(60, 59, 15)).toEqual({ from: 45, to: 60 });
    expect(stripAround(4, 1, 15)).toEqual({ from: 0, to: 4 });
  });

  it("has three ahead and one behind ready", () => {
    expect(readyAround([10, 11, 12, 13, 14], 1)).toEqual([12, 13, 14, 10]);
    expect(readyAround([10, 11], 1)).toEqual([10]);
    expect(readyAround([10, 11, 12, 13, 14], 1, 1)).toEqual([12, 10]);
    expect(readyAround([10, 11, 12, 13, 14], 1, 0)).toEqual([10]);
  });
});
