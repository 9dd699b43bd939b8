import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import { decodeImage, hashAndDecode, type DecodedImage } from "./decode.ts";
import { toGrey } from "./prepare.ts";
import { sharp } from "./sharp.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-decode-"));

/** A `width × height` picture of one value a channel, through any encoder of libvips. */
function flat(width: number, height: number, ...colour: readonly number[]) {
  const channels = colour.length as 1 | 2 | 3 | 4; // the calls below pass one to four
  const data = Buffer.alloc(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % channels];
  return sharp(data, { raw: { width, height, channels } });
}

describe("decoding", () => {
  it("puts transparent parts on white", async () => {
    const png = await flat(2, 2, 255, 0, 0, 51).png().toBuffer();
    const { channels, data } = await decodeImage(png, "a.png");
    expect(channels).toBe(3);
    expect([...data.subarray(0, 3)]).toEqual([255, 204, 204]); // 0.2 · red + 0.8 · white
  });

  it("keeps grey pictures at one channel and their values", async () => {
    const values = Uint8Array.from({ length: 256 }, (_, i) => i);
    const raw = { width: 16, height: 16, channels: 1 as const };
    const png = await sharp(values, { raw }).toColourspace("b-w").png().toBuffer();
    const image = await decodeImage(png, "ramp.png");
    expect(image.channels).toBe(1);
    expect([...image.data]).toEqual([...values]);
  });

  it("brings sixteen bits down to the nearest of eight", async () => {
    const values = Uint16Array.of(0, 100, 200, 32768, 65278, 65535);
    const png = await sharp(values, { raw: { width: 6, height: 1, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    const image = await decodeImage(png, "deep.png");
    expect(image.depth).toBe(16);
    expect([...image.data]).toEqual([0, 0, 1, 128, 254, 255]);
  });

  it("turns a picture as its EXIF says", async () => {
    const rows = [10, 20, 30, 40, 50, 60]; // two rows of three
    const data = Uint8Array.from(rows.flatMap((value) => [value, value, value]));
    const raw = { width: 3, height: 2, channels: 3 as const };
    const stored = sharp(data, { raw }).withMetadata({ orientation: 6 });
    const image = await decodeImage(await stored.png().toBuffer(), "turned.png");
    expect([image.widthPx, image.heightPx]).toEqual([2, 3]);
    const turned = [40, 10, 50, 20, 60, 30]; // a quarter turn clockwise
    expect([...image.data].filter((_, i) => i % 3 === 0)).toEqual(turned);
  });

  it("refuses floating-point pixels, whose range nobody states", async () => {
    const values = Float32Array.of(0, 0.5, 1, 1.5);
    const tiff = await sharp(values, { raw: { width: 2, height: 2, channels: 1 } })
      .tiff()
      .toBuffer();
    const { depth } = await sharp(tiff).metadata();
    const outcome = decodeImage(tiff, "float.tif");
    if (depth === "float")
      await expect(outcome).rejects.toMatchObject({ details: { why: "float-pixels" } });
    else await expect(outcome).resolves.toMatchObject({ widthPx: 2 });
  });

  it("names a missing file, an empty file and text", async () => {
    const missing = decodeImage(join(folder, "none.png"));
    await expect(missing).rejects.toMatchObject({
      code: "image/missing",
      details: { file: "none.png" },
    });
    const empty = join(folder, "empty.jpg");
    writeFileSync(empty, "");
    await expect(decodeImage(empty)).rejects.toMatchObject({ details: { why: "empty" } });
    const words = join(folder, "list.jpg");
    writeFileSync(words, "cat.jpg,cat\n");
    await expect(decodeImage(words)).rejects.toMatchObject({
      code: "image/unknown-format",
      details: { format: "text" },
    });
    await expect(decodeImage(folder)).rejects.toMatchObject({ details: { why: "no-access" } });
  });

  it("takes the SHA-256 from the read that decodes", async () => {
    const path = join(folder, "hashed.png");
    const bytes = await flat(4, 4, 7).png().toBuffer();
    writeFileSync(path, bytes);
    const { sha256, widthPx } = await hashAndDecode(path);
    expect(sha256).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
    expect(widthPx).toBe(4);
  });
});

describe.skipIf(!fixturesFolder)("one photograph in 26 encodings", () => {
  const files = fixturesFolder ? readdirSync(fixture("photos/variants")) : [];
  /** Mean absolute difference in grey levels; what lossy coding alone may change. CMYK goes through an ink profile. */
  const most = (file: string) => (file === "zebra_cmyk.jpg" ? 13 : 5);

  it("is there in full", () => expect(files).toHaveLength(26));

  it.each(files)("%s shows the same pixels", async (file) => {
    const reference = await decodeImage(fixture("photos/variants/zebra_rgb8.png"));
    const image = await decodeImage(fixture(`photos/variants/${file}`));
    expect([image.widthPx, image.heightPx]).toEqual([400, 300]);
    expect(image.channels).toBe(/gray/.test(file) ? 1 : 3);
    expect(meanDifference(image, reference)).toBeLessThan(most(file));
  });
});

/** Over the channels both have; grey pictures are compared in grey. */
function meanDifference(a: DecodedImage, b: DecodedImage): number {
  const isGrey = a.channels === 1 || b.channels === 1;
  const [x, y] = isGrey ? [toGrey(a).data, toGrey(b).data] : [a.data, b.data];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i] - y[i]);
  return sum / x.length;
}
