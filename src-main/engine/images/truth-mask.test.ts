import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EvidenceSource } from "../../../shared/domain/evidence.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { palettePng } from "./palette-png.ts";
import { sharp } from "./sharp.ts";
import { truthMask } from "./truth-mask.ts";

const picture = { widthPx: 3, heightPx: 2 };
const known = { outputs: 3, backgroundClasses: [0] } as const;

async function maskOf(indices: readonly number[]): Promise<EvidenceSource> {
  const path = join(await temporaryFolder(), "mask.png");
  await writeFile(path, palettePng(Uint8Array.from(indices), { width: 3, height: 2 }));
  return { kind: "mask-file", path, ignore: [255] };
}

describe("the truth of a picture", () => {
  it("is the numbers of a palette picture; hidden classes are background, 255 unknown", async () => {
    const evidence = await maskOf([0, 1, 2, 3, 255, 2]);
    const truth = await truthMask({ ...known, evidence, labels: [] }, picture);
    expect([...(truth ?? [])]).toEqual([0, 0, 2, 3, 255, 2]);
  });

  it("is the picture's only label where the palette goes beyond the model's classes", async () => {
    const evidence = await maskOf([0, 15, 15, 0, 255, 0]);
    const truth = await truthMask({ ...known, evidence, labels: [1] }, picture);
    expect([...(truth ?? [])]).toEqual([0, 2, 2, 0, 255, 0]);
  });

  it("is the picture's only label where a palette has one colour, whatever its number", async () => {
    const evidence = await maskOf([0, 1, 1, 0, 0, 0]);
    const truth = await truthMask({ ...known, evidence, labels: [2] }, picture);
    expect([...(truth ?? [])]).toEqual([0, 3, 3, 0, 0, 0]);
  });

  it("is the picture's only label under a binary mask, at the picture's size", async () => {
    const path = join(await temporaryFolder(), "mask.png");
    const grey = sharp(Buffer.from([0, 255]), { raw: { width: 2, height: 1, channels: 1 } });
    await writeFile(path, await grey.toColourspace("b-w").png().toBuffer());
    const evidence = { kind: "mask-file", path, ignore: [] } as const;
    const truth = await truthMask(
      { ...known, evidence, labels: [0, 2] },
      { widthPx: 4, heightPx: 2 },
    );
    expect([...(truth ?? [])]).toEqual([0, 0, 3, 3, 0, 0, 3, 3]);
  });

  it("is background throughout where background classes alone are shown, whatever is drawn", async () => {
    const evidence = await maskOf([0, 2, 2, 2, 2, 2]);
    const truth = await truthMask({ ...known, evidence, labels: [0] }, picture);
    expect([...(truth ?? [1])]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("is unknown without a mask, and under a binary one with two labels", async () => {
    expect(await truthMask({ ...known, evidence: null, labels: [1] }, picture)).toBeNull();
    const shapes = { kind: "shapes", shapes: [{ kind: "rect", x: 0, y: 0, w: 1, h: 1 }] } as const;
    expect(await truthMask({ ...known, evidence: shapes, labels: [1, 2] }, picture)).toBeNull();
  });
});
