import { expect, it } from "vitest";
import { covered } from "./cover.ts";

const white = {
  widthPx: 20,
  heightPx: 20,
  channels: 1,
  data: new Uint8Array(400).fill(255),
} as const;
const blackIn = ({ data }: { readonly data: Uint8Array }) => data.filter((one) => one === 0).length;

it("fills a box to whole pixels outwards and leaves the source as it was", () => {
  const box = { x: 0.13, y: 0.5, w: 0.1, h: 0.1 }; // columns 2.6..4.6, rows 10..12
  const image = { ...white, orientation: 1 };
  const made = covered(image, { boxes: [box], isGuess: false }, null);
  expect(blackIn(made)).toBe(3 * 2);
  expect(made.data[10 * 20 + 2]).toBe(0);
  expect(blackIn(white)).toBe(0);
});

it("fills four corners of 25 % × 15 % and text where nobody answered", () => {
  const image = { ...white, orientation: 1 };
  expect(blackIn(covered(image, { boxes: [], isGuess: true }, null))).toBe(4 * 5 * 3);
  const mask = new Uint8Array(100);
  mask[5 * 10 + 5] = 255; // source pixels 8..14, both ways, with a rim
  const text = { width: 10, height: 10, factor: 2, mask };
  expect(blackIn(covered(image, { boxes: [], isGuess: true }, text))).toBe(4 * 5 * 3 + 36);
  expect(blackIn(covered(image, { boxes: [], isGuess: false }, text))).toBe(0);
});
