import { describe, expect, it } from "vitest";
import { automaticRange, inUnits, tabled, windowBetween, windowed } from "./window.ts";

describe("windowed", () => {
  // PS3.3 C.11.2.1.2: c 2048, w 4096 is black to 0 and white above 4095.
  it("linear maps 0..4095 onto 0..255 for centre 2048, width 4096", () => {
    const greys = windowed([-1, 0, 2047.5, 4095, 5000], {
      centre: 2048,
      width: 4096,
      kind: "linear",
    });
    expect([...greys]).toEqual([0, 0, 128, 255, 255]);
  });

  it("linear with centre 128 and width 256 leaves bytes alone", () => {
    const bytes = Array.from({ length: 256 }, (_, i) => i);
    expect([...windowed(bytes, { centre: 128, width: 256, kind: "linear" })]).toEqual(bytes);
  });

  it("linear of width 1 is a threshold half a step below its centre", () =>
    expect([...windowed([99, 99.5, 100], { centre: 100, width: 1, kind: "linear" })]).toEqual([
      0, 0, 255,
    ]));

  // C.11.2.1.3.2: c 2048, w 4096 is black at 0 and white at 4096.
  it("linear-exact maps 0..4096 onto 0..255", () =>
    expect([
      ...windowed([0, 1024, 4096], { centre: 2048, width: 4096, kind: "linear-exact" }),
    ]).toEqual([0, 64, 255]));

  // 255 / (1 + e^-1) = 186.42, 255 / (1 + e^1) = 68.58
  it("sigmoid is half at its centre and 1 / (1 + 1/e) a quarter width above", () =>
    expect([...windowed([30, 40, 50], { centre: 40, width: 40, kind: "sigmoid" })]).toEqual([
      69, 128, 186,
    ]));

  it("what is no number is black", () =>
    expect([...windowed([NaN], { centre: 0, width: 10, kind: "linear" })]).toEqual([0]));
});

describe("units and tables", () => {
  const plain = { slope: 2, intercept: -1000, modalityTable: null };

  it("rescale by slope and intercept", () =>
    expect([...inUnits(Int16Array.of(-1, 0, 500), plain)]).toEqual([-1002, -1000, 0]));

  it("a modality table takes the place of slope and intercept and holds beyond its ends", () => {
    const modalityTable = { first: 10, bits: 8, entries: [7, 8, 9] };
    const units = inUnits(Uint8Array.of(0, 10, 11, 12, 99), { ...plain, modalityTable });
    expect([...units]).toEqual([7, 7, 8, 9, 9]);
  });

  it("a table of interest makes its largest entry white", () =>
    expect([...tabled([0, 1, 2], { first: 0, bits: 10, entries: [0, 341, 1023] })]).toEqual([
      0, 85, 255,
    ]));

  it("the automatic range leaves padding out", () => {
    const stored = Int16Array.from({ length: 201 }, (_, i) => (i < 100 ? -2000 : i - 100));
    const units = inUnits(stored, { slope: 1, intercept: 0, modalityTable: null });
    expect(automaticRange(stored, units, [-2000, -2000])).toEqual([1, 99]);
    expect(automaticRange(stored, units, null)).toEqual([-2000, 98]);
  });

  it("an empty range gives a threshold, not a division by zero", () =>
    expect([...windowed([4, 5, 6], windowBetween(5, 5))]).toEqual([0, 128, 255]));
});
