import { describe, expect, it } from "vitest";
import { letter } from "../images/lettering.ts";
import { sharp } from "../images/sharp.ts";
import { artefactCells } from "./cells.ts";
import { detectArtefacts } from "./registry.ts";
import { toWorkingImage, type Pixels } from "./working-image.ts";

/** A soft grey scene with film noise, the same each time. */
function scene(widthPx: number, heightPx: number): Pixels & { data: Uint8Array; channels: 1 } {
  let state = 1;
  const noise = () => {
    state = (state * 48271) % 0x7fffffff;
    return (state / 0x7fffffff - 0.5) * 12;
  };
  const data = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => {
    const x = (i % widthPx) / widthPx;
    const y = Math.floor(i / widthPx) / heightPx;
    return 100 + 50 * Math.sin(3 * x + 1) * Math.cos(4 * y) + noise();
  });
  return { widthPx, heightPx, channels: 1, data };
}

function paint(image: Pixels, x: number, y: number, w: number, h: number, value: number): void {
  for (let v = y; v < y + h; v++)
    image.data.fill(value, v * image.widthPx + x, v * image.widthPx + x + w);
}

async function write(image: Pixels, words: string, sizePx: number, x: number, y: number) {
  const { input } = await letter(words, sizePx, "#FFFFFF", image.widthPx);
  const { data, info } = await sharp(input).raw().toBuffer({ resolveWithObject: true });
  for (let v = 0; v < info.height; v++)
    for (let u = 0; u < info.width; u++) {
      const alpha = data[(v * info.width + u) * info.channels + 3] / 255;
      const at = (y + v) * image.widthPx + x + u;
      image.data[at] = image.data[at] * (1 - alpha) + 235 * alpha;
    }
  return { width: info.width, height: info.height };
}

const names = (image: Pixels) => Object.keys(detectArtefacts(image).masks);

describe("text", () => {
  it.each([
    ["PORTABLE", 400, 16],
    ["2019-03-07 14:22", 500, 14],
    ["AP ERECT", 1600, 60],
  ])("%s is found on %i pixels", async (words, side, size) => {
    const image = scene(side, Math.round(side * 0.8));
    await write(image, words, size, Math.round(side * 0.6), Math.round(side * 0.05));
    expect(names(image)).toEqual(["text"]);
  });

  it("is not a single letter, two letters, or a row of discs apart", async () => {
    const image = scene(400, 400);
    await write(image, "R", 22, 20, 20);
    await write(image, "AP", 22, 330, 20);
    for (const x of [60, 190, 320])
      for (let dy = -6; dy <= 6; dy++) {
        const half = Math.floor(Math.sqrt(36 - dy * dy));
        paint(image, x - half, 200 + dy, 2 * half + 1, 1, 230);
      }
    expect(names(image)).toEqual([]);
  });
});

describe("ruler", () => {
  it("is a comb of even ticks along an edge", () => {
    const image = scene(400, 300);
    for (let i = 0; i < 20; i++) paint(image, 40 + i * 12, 280, 2, 14, 230);
    expect(names(image)).toEqual(["ruler"]);
    const upright = scene(300, 400);
    for (let i = 0; i < 20; i++) paint(upright, 10, 40 + i * 12, 14, 2, 20);
    expect(names(upright)).toEqual(["ruler"]);
  });

  it("is not a handful of ticks, or ticks at uneven distances", () => {
    const few = scene(400, 300);
    for (let i = 0; i < 6; i++) paint(few, 40 + i * 12, 280, 2, 14, 230);
    expect(names(few)).toEqual([]);
    const uneven = scene(400, 300);
    for (let i = 0; i < 18; i++) paint(uneven, 40 + i * 12 + ((i * i * 5) % 9), 280, 2, 14, 230);
    expect(names(uneven)).toEqual([]);
  });
});

describe("padding", () => {
  it("is bars of one grey, whichever", () => {
    for (const grey of [0, 128, 255]) {
      const image = scene(200, 200);
      paint(image, 0, 0, 200, 20, grey);
      paint(image, 0, 180, 200, 20, grey);
      const { masks } = detectArtefacts(image);
      expect(Object.keys(masks)).toEqual(["padding"]);
      const area = (masks.padding ?? new Uint8Array()).reduce((sum, value) => sum + value / 255, 0);
      expect(area).toBe(2 * 20 * 200);
    }
  });

  it("is the dark round a circular view, and not a dark ground", () => {
    const view = (radius: number) => {
      const image = scene(200, 200);
      image.data.forEach((_, i) => {
        const [dx, dy] = [(i % 200) - 99.5, Math.floor(i / 200) - 99.5];
        if (Math.hypot(dx, dy) > radius) image.data[i] = 3;
      });
      return image;
    };
    expect(names(view(105))).toEqual(["padding"]);
    expect(names(view(40))).toEqual([]);
  });
});

describe("ink", () => {
  const inked = (share: number): Pixels => {
    const [widthPx, heightPx] = [100, 100];
    const data = new Uint8Array(widthPx * heightPx * 3);
    for (let i = 0; i < widthPx * heightPx; i++)
      data.set(i < share * 10_000 ? [110, 40, 160] : [214 + (i % 7), 160, 140], i * 3);
    return { widthPx, heightPx, channels: 3, data };
  };

  it("is violet in small amounts, not a violet picture", () => {
    expect(names(inked(0.05))).toContain("ink");
    expect(names(inked(0.5))).not.toContain("ink");
    expect(names(inked(0))).not.toContain("ink");
  });
});

it("detectors can be switched off", () => {
  const image = scene(200, 200);
  paint(image, 0, 0, 200, 20, 0);
  expect(Object.keys(detectArtefacts(image, ["padding"]).masks)).toEqual([]);
});

it("a large picture is looked at small, each pixel the mean of a square", () => {
  const image = scene(1030, 500);
  const small = toWorkingImage(image);
  expect([small.factor, small.width, small.height]).toEqual([3, 344, 167]);
  let sum = 0;
  for (let v = 0; v < 3; v++) for (let u = 0; u < 3; u++) sum += image.data[(6 + v) * 1030 + 9 + u];
  expect(small.grey[2 * 344 + 3]).toBe(Math.round(sum / 9));
});

it("masks come down to a map's cells where they lie on the picture", () => {
  // the upper 20 of 200 rows, seen by a crop from row 10 on: 10 of its 100 rows, all in the first of 10 cells
  const image = scene(200, 200);
  paint(image, 0, 0, 200, 20, 0);
  const seen = { x: 50, y: 10, width: 100, height: 100 };
  const { padding } = artefactCells(detectArtefacts(image), { h: 10, w: 10, seen });
  expect([...(padding ?? [])]).toEqual(Array.from({ length: 100 }, (_, i) => (i < 10 ? 1 : 0)));
});
