import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { presets } from "../../../shared/domain/preparation.ts";
import { decodeImage } from "./decode.ts";
import { picture, thumbnail, thumbnailOf } from "./picture.ts";
import { preparedPicture } from "./prepared.ts";
import { probeImage } from "./probe.ts";
import { sharp } from "./sharp.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-picture-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A 600 × 300 JPEG, red above and blue below, stored on its side. */
async function sideways(): Promise<string> {
  const path = join(folder, "sideways.jpg");
  const data = Buffer.alloc(600 * 300 * 3);
  for (let i = 0; i < 600 * 300; i++)
    data.set(i % 600 < 300 ? [200, 30, 30] : [30, 30, 200], i * 3);
  const stored = sharp(data, { raw: { width: 600, height: 300, channels: 3 } });
  writeFileSync(
    path,
    await stored.withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer(),
  );
  return path;
}

describe("pictures for the window", () => {
  it("are upright, with the whole picture's size", async () => {
    const path = await sideways();
    expect(await probeImage(path)).toMatchObject({ widthPx: 300, heightPx: 600, format: "jpeg" });
    const { bytes, width, height, averageGrey } = await picture(path, 200);
    expect([width, height]).toEqual([300, 600]);
    const small = await decodeImage(bytes, "small.jpg");
    expect([small.widthPx, small.heightPx, small.format]).toEqual([100, 200, "jpeg"]);
    expect(small.data[0]).toBeGreaterThan(small.data[2]); // red above
    const last = small.data.length - 3;
    expect(small.data[last + 2]).toBeGreaterThan(small.data[last]); // blue below
    // 0.299 · 200 + 0.701 · 30 = 80.8 and 0.886 · 30 + 0.114 · 200 = 49.4: 65 in the mean
    expect(Math.abs(averageGrey - 65)).toBeLessThanOrEqual(2);
  });

  it("are never enlarged", async () => {
    const { bytes } = await picture(await sideways(), 4000);
    expect((await decodeImage(bytes, "same.jpg")).heightPx).toBe(600);
  });

  it("have a thumbnail of 256, from the file or from pixels at hand", async () => {
    const path = await sideways();
    const fromFile = await decodeImage((await thumbnail(path)).bytes, "t.jpg");
    const fromPixels = await decodeImage(
      (await thumbnailOf(await decodeImage(path))).bytes,
      "t.jpg",
    );
    for (const { widthPx, heightPx } of [fromFile, fromPixels])
      expect([widthPx, heightPx]).toEqual([128, 256]);
    let sum = 0;
    for (let i = 0; i < fromFile.data.length; i++)
      sum += Math.abs(fromFile.data[i] - fromPixels.data[i]);
    expect(sum / fromFile.data.length).toBeLessThan(3);
  });
});

it("the prepared input comes back as a picture: cut, and in its own colours", async () => {
  const path = await sideways();
  const png = await preparedPicture(path, {
    preset: "keras-caffe",
    ...presets["keras-caffe"],
    geometry: { kind: "crop", resize: 64 },
    resample: "area",
    widthPx: 64,
    heightPx: 64,
    layout: "NHWC",
  });
  const { widthPx, heightPx, data } = await decodeImage(png, "prepared.png");
  expect([widthPx, heightPx]).toEqual([64, 64]);
  expect(Math.abs(data[0] - 200)).toBeLessThan(6);
  expect(Math.abs(data[data.length - 1] - 200)).toBeLessThan(6);
});
