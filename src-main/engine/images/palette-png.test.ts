import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { readMaskFile } from "./mask-file.ts";
import { palettePng, vocColours } from "./palette-png.ts";
import { sharp } from "./sharp.ts";

describe("a palette PNG", () => {
  it("has Pascal VOC's colours", () => {
    const colours = vocColours();
    const of = (index: number) => [...colours.subarray(3 * index, 3 * index + 3)];
    // published with the VOC devkit: background, aeroplane, bicycle, bird, …, tv/monitor, void
    expect([0, 1, 2, 3, 8, 20, 255].map(of)).toEqual([
      [0, 0, 0],
      [128, 0, 0],
      [0, 128, 0],
      [128, 128, 0],
      [64, 0, 0],
      [0, 64, 128],
      [224, 224, 192],
    ]);
  });

  it("is decoded to its colours by another library, and to its indices by ours", async () => {
    const indices = Uint8Array.of(0, 1, 20, 255, 2, 2);
    const png = palettePng(indices, { width: 3, height: 2 });
    const { data, info } = await sharp(png)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 3, height: 2, channels: 3 });
    expect([...data.subarray(6, 12)]).toEqual([0, 64, 128, 224, 224, 192]);
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a.png"), png);
    const mask = await readMaskFile(join(folder, "a.png"), [255]);
    expect([...mask.data]).toEqual([0, 255, 255, 0, 255, 255]);
  });
});
