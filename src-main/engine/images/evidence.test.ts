import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeImage } from "./decode.ts";
import { evidenceCells, evidenceMask, evidencePicture } from "./evidence.ts";
import { sharp } from "./sharp.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-evidence-"));
afterAll(() => rmSync(folder, { recursive: true }));

const size = { widthPx: 4, heightPx: 4 };
const grid = { ...size, h: 2, w: 2, seen: { x: 0, y: 0, width: 4, height: 4 } };

/** Writes grey values as a mask file. */
async function maskFile(name: string, width: number, values: readonly number[]) {
  const raw = { width, height: values.length / width, channels: 1 as const };
  const path = join(folder, name);
  const mask = sharp(Uint8Array.from(values), { raw }).toColourspace("b-w");
  writeFileSync(path, await mask.toFormat(name.endsWith("jpg") ? "jpeg" : "png").toBuffer());
  return path;
}

describe("evidence on a map's cells", () => {
  it("is every value but 0, less the ignored ones", async () => {
    const path = await maskFile("a.png", 4, [1, 2, 0, 0, 0, 0, 0, 255, 7, 7, 7, 7, 7, 7, 0, 0]);
    const all = await evidenceCells({ kind: "mask-file", path, ignore: [] }, grid);
    expect([...all]).toEqual([0.5, 0.25, 1, 0.5]);
    const some = await evidenceCells({ kind: "mask-file", path, ignore: [255, 7] }, grid);
    expect([...some]).toEqual([0.5, 0, 0, 0]);
  });

  it("reads a mask of another size over the whole picture", async () => {
    const path = await maskFile("small.png", 2, [0, 9, 9, 0]);
    const cells = await evidenceCells({ kind: "mask-file", path, ignore: [] }, grid);
    expect([...cells]).toEqual([0, 1, 1, 0]);
  });

  it("begins at half brightness in a lossy mask, whose edges ring", async () => {
    const values = Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 13 ? 255 : 0));
    const path = await maskFile("ring.jpg", 32, values);
    const { data } = await evidenceMask({ kind: "mask-file", path, ignore: [] }, size);
    expect([...data]).toEqual(values);
  });

  it("keeps sixteen-bit instance numbers under 256 and transparent pixels apart", async () => {
    const deep = join(folder, "deep.png");
    const raw = { width: 2, height: 1, channels: 1 as const };
    const numbers = sharp(Uint16Array.of(1, 0), { raw }).toColourspace("grey16");
    writeFileSync(deep, await numbers.png().toBuffer());
    const ofDeep = await evidenceMask({ kind: "mask-file", path: deep, ignore: [] }, size);
    expect([...ofDeep.data]).toEqual([255, 0]);

    const clear = join(folder, "clear.png");
    const rgba = Uint8Array.of(255, 0, 0, 255, 255, 255, 255, 0);
    const cut = sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } });
    writeFileSync(clear, await cut.png().toBuffer());
    const ofClear = await evidenceMask({ kind: "mask-file", path: clear, ignore: [] }, size);
    expect([...ofClear.data]).toEqual([255, 0]);
  });

  it("turns with a picture that is stored on its side", async () => {
    // stored 4 × 2 with its left half marked; shown 2 × 4 after a quarter turn clockwise: the upper half
    const path = await maskFile("stored.png", 4, [9, 9, 0, 0, 9, 9, 0, 0]);
    const seen = { x: 0, y: 0, width: 2, height: 4 };
    const shown = { widthPx: 2, heightPx: 4, orientation: 6, h: 2, w: 1, seen };
    const evidence = { kind: "mask-file", path, ignore: [] } as const;
    expect([...(await evidenceCells(evidence, shown))]).toEqual([1, 0]);
    const upright = await maskFile("upright.png", 2, [0, 0, 0, 0, 9, 9, 9, 9]);
    expect([...(await evidenceCells({ ...evidence, path: upright }, shown))]).toEqual([0, 1]);
  });

  it("counts a box by the part of each cell it covers", async () => {
    const rect = { kind: "rect", x: 0.25, y: 0, w: 0.5, h: 0.25 } as const;
    const cells = await evidenceCells({ kind: "shapes", shapes: [rect] }, grid);
    expect([...cells]).toEqual([0.25, 0.25, 0, 0]);
  });

  it("reads run lengths down the columns", async () => {
    const rle = { kind: "rle", width: 2, height: 2, counts: [1, 1, 2] } as const;
    expect([...(await evidenceCells(rle, grid))]).toEqual([0, 0, 1, 0]);
    await expect(evidenceCells({ ...rle, counts: [1, 1] }, grid)).rejects.toMatchObject({
      details: { why: "mask-size" },
    });
  });
});

it("the window gets evidence as grey, at most so large", async () => {
  const rect = { kind: "rect", x: 0, y: 0, w: 0.5, h: 1 } as const;
  const picture = { widthPx: 400, heightPx: 200 };
  const png = await evidencePicture({ kind: "shapes", shapes: [rect] }, picture, 100);
  const { widthPx, heightPx, channels, data } = await decodeImage(png, "evidence.png");
  expect([widthPx, heightPx, channels]).toEqual([100, 50, 1]);
  expect([data[0], data[49], data[50], data[99]]).toEqual([255, 255, 0, 0]);
});
