import { expect, it } from "vitest";
import { parseWindow, windowText, type PictureWindow } from "../../shared/domain/picture-window.ts";
import { writeDicom } from "../../test/support/write-dicom.ts";
import { openDicomImage } from "./file.ts";
import { renderFrame } from "./render.ts";

/** Greys of stored values, one pixel each, by a window; CT has −1024 as its intercept and a window of its own. */
async function greys(
  modality: string,
  stored: readonly number[],
  by: PictureWindow,
  photometric: "MONOCHROME1" | "MONOCHROME2" = "MONOCHROME2",
): Promise<number[]> {
  const isCt = modality === "CT";
  const bytes = writeDicom(
    "explicit",
    [
      { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.2" },
      { tag: 0x00080060, vr: "CS", value: modality },
      { tag: 0x00281052, vr: "DS", value: isCt ? "-1024" : "0" },
      { tag: 0x00281053, vr: "DS", value: "1" },
      ...(isCt ? [{ tag: 0x00281050, vr: "DS", value: "0" }] : []),
      ...(isCt ? [{ tag: 0x00281051, vr: "DS", value: "101" }] : []),
    ],
    { rows: 1, columns: stored.length, frames: [Uint16Array.from(stored)], photometric },
  );
  return [...(await renderFrame(openDicomImage(bytes, "x"), 0, { by })).data];
}

it("takes the file's own window unless told otherwise", async () => {
  // Centre 0, width 101: ((x + 0.5) / 100 + 0.5) · 255 of −1024, −50.5, 0 and 200 HU.
  expect(await greys("CT", [0, 1024, 1224], { kind: "stored" })).toEqual([0, 129, 255]);
});

it("takes the whole range of the modality: Hounsfield units of CT, all stored bits of others", async () => {
  const way = { kind: "modality" } as const;
  // (x + 1024) / 4095 · 255
  expect(await greys("CT", [0, 2048, 4095, 5000], way)).toEqual([0, 128, 255, 255]);
  expect(await greys("DX", [0, 13107, 65535], way)).toEqual([0, 51, 255]);
  expect(await greys("DX", [0, 13107, 65535], way, "MONOCHROME1")).toEqual([255, 204, 0]);
});

it("takes presets and numbers alike: lung is 1500 / −600", async () => {
  // ((x + 600.5) / 1499 + 0.5) · 255 of −1024, −600 and 150 HU
  const lung = [55, 128, 255];
  expect(await greys("CT", [0, 424, 1174], { kind: "preset", id: "lung" })).toEqual(lung);
  const same = { kind: "fixed", centre: -600, width: 1500 } as const;
  expect(await greys("CT", [0, 424, 1174], same)).toEqual(lung);
});

it("takes the 1st to 99th percentile of each picture", async () => {
  const ramp = Array.from({ length: 101 }, (_, i) => 1000 + 10 * i);
  const made = await greys("CT", ramp, { kind: "automatic" });
  // From 1010 to 1990: below is black, above is white, the middle is (1500 − 1010) / 980 · 255.
  expect([made[0], made[1], made[50], made[99], made[100]]).toEqual([0, 0, 128, 255, 255]);
});

it("is written as it is read", () => {
  for (const text of ["stored", "modality", "automatic", "bone", "-600/1500", "40.5/80"]) {
    const window = parseWindow(text);
    expect(window && windowText(window)).toBe(text);
  }
  for (const text of ["", "lungs", "40", "40/0", "40/-1", "a/b"])
    expect(parseWindow(text)).toBeNull();
});
