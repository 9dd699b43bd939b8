import { describe, expect, it } from "vitest";
import { drawStratified } from "./bench-sample.ts";

const items = [
  ...Array.from({ length: 60 }, (_, i) => ({ no: i, label: "a" })),
  ...Array.from({ length: 30 }, (_, i) => ({ no: 60 + i, label: "b" })),
  ...Array.from({ length: 10 }, (_, i) => ({ no: 90 + i, label: "c" })),
];
const draw = (size: number, seed = 1) =>
  drawStratified(items, ({ label }) => label, { size, seed });
const counts = (drawn: readonly { readonly label: string }[]) =>
  ["a", "b", "c"].map((label) => drawn.filter((item) => item.label === label).length);

describe("a stratified sample", () => {
  it("gives each stratum its share, in the order of the items", () => {
    const drawn = draw(20);
    expect(counts(drawn)).toEqual([12, 6, 2]);
    const order = drawn.map(({ no }) => no);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("gives the smallest one place, and never more than was asked for", () => {
    expect(counts(draw(5))).toEqual([3, 1, 1]);
    expect(draw(2)).toHaveLength(2);
    expect(draw(33)).toHaveLength(33);
    expect(draw(500)).toBe(items);
  });

  it("is drawn by the seed", () => {
    expect(draw(20)).toEqual(draw(20));
    expect(draw(20, 2)).not.toEqual(draw(20));
  });
});
