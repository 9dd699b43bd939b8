import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readMaskFile } from "./mask-file.ts";
import { sharp } from "./sharp.ts";

const demo = join(import.meta.dirname, "../../../assets/demo/masks");

function share(data: Uint8Array): number {
  return data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) / data.length;
}

describe("masks with a palette", () => {
  const folder = mkdtempSync(join(tmpdir(), "mask-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are read by colour where it is black and white, whichever comes first in the palette", async () => {
    // the demo's lung masks list white first, its finding masks black; counted from the decoded pictures
    const lungs = await readMaskFile(join(demo, "lungs/0038.png"));
    const finding = await readMaskFile(join(demo, "finding/0001.png"));
    expect(share(lungs.data)).toBeCloseTo(89358 / 307200, 9);
    expect(share(finding.data)).toBeCloseTo(6666 / 307200, 9);
  });

  it("are read by index where it has colours", async () => {
    const file = join(folder, "classes.png");
    const pixels = Buffer.from([200, 0, 0, 0, 0, 200, 200, 0, 0, 0, 0, 200]);
    await sharp(pixels, { raw: { width: 4, height: 1, channels: 3 } })
      .png({ palette: true, colours: 4 })
      .toFile(file);
    const { data } = await readMaskFile(file);
    expect(new Set([data[0], data[1]])).toEqual(new Set([0, 255])); // one of the two is index 0
    expect(data[0]).toBe(data[2]);
  });
});
