import { describe, expect, it } from "vitest";
import { presetIds, presets, type Preparation } from "../../../shared/domain/preparation.ts";
import { prepare, toGrey } from "./prepare.ts";

const base: Preparation = {
  preset: "raw-rgb",
  ...presets["raw-rgb"],
  geometry: { kind: "stretch" },
  resample: "area",
  widthPx: 2,
  heightPx: 1,
  layout: "NCHW",
};

/** Two pixels: (10, 20, 30) and (40, 50, 60). */
const two = {
  widthPx: 2,
  heightPx: 1,
  channels: 3,
  data: Uint8Array.of(10, 20, 30, 40, 50, 60),
} as const;

function rounded(values: Float32Array): number[] {
  return [...values].map((value) => Math.round(value * 1e4) / 1e4);
}

describe("preparing", () => {
  it("lays channels as planes or as pixels, red or blue first", () => {
    expect([...prepare(two, base).input]).toEqual([10, 40, 20, 50, 30, 60]);
    expect([...prepare(two, { ...base, layout: "NHWC" }).input]).toEqual([10, 20, 30, 40, 50, 60]);
    const bgr = { ...base, ...presets["raw-bgr"] };
    expect([...prepare(two, bgr).input]).toEqual([30, 60, 20, 50, 10, 40]);
    expect([...prepare(two, { ...bgr, layout: "NHWC" }).input]).toEqual([30, 20, 10, 60, 50, 40]);
  });

  // One pixel (255, 0, 51), worked out from the table of inputs.md 5.
  it.each([
    ["torchvision", [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225]],
    ["timm-inception", [1, -1, -0.6]],
    ["keras-tf", [1, -1, -0.6]],
    ["keras-torch", [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225]],
    ["keras-caffe", [51 - 103.939, -116.779, 255 - 123.68]],
    ["unit", [1, 0, 0.2]],
    ["raw-rgb", [255, 0, 51]],
    ["raw-bgr", [51, 0, 255]],
    ["grey-unit", [82 / 255]], // 0.299 · 255 + 0.114 · 51 = 82.06
    ["grey-tf", [82 / 127.5 - 1]],
    ["grey-raw", [82]],
    ["grey-imagenet", [(82 / 255 - 0.449) / 0.226]],
  ] as const)("%s gives the values of its row", (preset, wanted) => {
    const pixel = {
      widthPx: 1,
      heightPx: 1,
      channels: 3,
      data: Uint8Array.of(255, 0, 51),
    } as const;
    const preparation = { ...base, preset, ...presets[preset], widthPx: 1 };
    expect(rounded(prepare(pixel, preparation).input)).toEqual(
      wanted.map((value) => Math.round(value * 1e4) / 1e4),
    );
  });

  it("knows every preset of the table", () => expect(presetIds).toHaveLength(12));

  it("gives a grey picture to all three channels", () => {
    const grey = { widthPx: 2, heightPx: 1, channels: 1, data: Uint8Array.of(7, 9) } as const;
    expect([...prepare(grey, base).input]).toEqual([7, 9, 7, 9, 7, 9]);
  });

  it("cuts the centre and says which part of the picture that is", () => {
    const data = Uint8Array.from({ length: 8 * 4 }, (_, i) => i % 8);
    const wide = { widthPx: 8, heightPx: 4, channels: 1, data } as const;
    const crop: Preparation = {
      ...base,
      ...presets["grey-raw"],
      geometry: { kind: "crop", resize: 4 },
      widthPx: 2,
      heightPx: 2,
    };
    const { input, seen } = prepare(wide, crop);
    expect([...input]).toEqual([3, 4, 3, 4]);
    expect(seen).toEqual({ x: 3, y: 1, width: 2, height: 2 });
  });

  it("letterboxes on black, normalised like any pixel", () => {
    const data = new Uint8Array(4 * 2).fill(255);
    const wide = { widthPx: 4, heightPx: 2, channels: 1, data } as const;
    const letterbox: Preparation = {
      ...base,
      ...presets["grey-tf"],
      geometry: { kind: "letterbox" },
      widthPx: 2,
      heightPx: 2,
    };
    const { input, seen } = prepare(wide, letterbox);
    expect([...input]).toEqual([1, 1, -1, -1]);
    expect(seen).toEqual({ x: 0, y: 0, width: 4, height: 4 });
  });

  it("refuses another size where nothing is resized", () => {
    const none: Preparation = { ...base, geometry: { kind: "none" }, widthPx: 3 };
    expect(() => prepare(two, none, "a.png")).toThrowError(
      'Cannot prepare image "a.png": it has 2 × 1 pixels and the preparation, which does not resize, wants 3 × 1',
    );
  });
});

it("luma is Pillow's to the byte", () => {
  const data = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255);
  const { data: grey } = toGrey({ widthPx: 4, heightPx: 1, channels: 3, data });
  expect([...grey]).toEqual([255, 76, 150, 29]);
});
