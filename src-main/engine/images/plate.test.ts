import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeImage, type DecodedImage } from "./decode.ts";
import { overlayWithLegend } from "./overlay.ts";
import { plate, type PlateInput } from "./plate.ts";
import { sharp } from "./sharp.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-plate-"));
const path = join(folder, "grey.png");
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const grey = { width: 200, height: 100, channels: 3, background: "#808080" } as const;
  writeFileSync(path, await sharp({ create: grey }).png().toBuffer());
});

/** A 200 × 100 picture of which the model saw the middle square; heat in its right half. */
const input = (): PlateInput => ({
  path,
  size: 200,
  map: {
    values: Float32Array.of(0, 1, 0, 1),
    height: 2,
    width: 2,
    seen: { x: 50, y: 0, width: 100, height: 100 },
  },
  evidence: null,
  shapes: [],
  view: { colours: "viridis", opacity: 1, threshold: 0.5, min: 0, max: 1 },
});

function pixel(image: DecodedImage, x: number, y: number): number[] {
  const at = (y * image.widthPx + x) * image.channels;
  return [...image.data.subarray(at, at + 3)];
}

function near(got: readonly number[], wanted: readonly number[], by = 6): boolean {
  return got.every((value, i) => Math.abs(value - wanted[i]) <= by);
}

async function decodedPlate(of: PlateInput) {
  const made = await plate(of);
  const [image, map, overlay] = await Promise.all(
    [made.image, made.map, made.overlay].map((bytes) =>
      decodeImage(bytes ?? new Uint8Array(), "p"),
    ),
  );
  return { image, map, overlay };
}

describe("a report plate", () => {
  it("is three squares, the picture in the middle on white", async () => {
    const { image, map, overlay } = await decodedPlate(input());
    for (const { widthPx, heightPx } of [image, map, overlay])
      expect([widthPx, heightPx]).toEqual([200, 200]);
    expect(pixel(image, 100, 20)).toEqual([255, 255, 255]);
    expect(near(pixel(image, 100, 100), [128, 128, 128])).toBe(true);
  });

  it("lays the map where the model looked, and nowhere else", async () => {
    const { map, overlay } = await decodedPlate(input());
    expect(near(pixel(map, 20, 100), [221, 221, 221])).toBe(true); // not seen
    expect(near(pixel(map, 60, 100), [68, 1, 84])).toBe(true); // viridis, low end
    expect(near(pixel(map, 145, 100), [253, 231, 37])).toBe(true); // viridis, high end
    expect(near(pixel(overlay, 20, 100), [128, 128, 128])).toBe(true);
    expect(near(pixel(overlay, 60, 100), [128, 128, 128])).toBe(true); // under the threshold
    expect(near(pixel(overlay, 145, 100), [253, 231, 37])).toBe(true);
  });

  it("draws regions on image and overlay, not on the map", async () => {
    const rect = { kind: "rect", x: 0.1, y: 0.2, w: 0.8, h: 0.6 } as const;
    const { image, map, overlay } = await decodedPlate({
      ...input(),
      evidence: { kind: "shapes", shapes: [rect] },
    });
    // its left edge lies at x = 20 in the lower right quarter of the square's middle band
    const blue = (at: DecodedImage) =>
      [19, 20].some((x) => {
        const [r, , b] = pixel(at, x, 100);
        return b - r > 40;
      });
    expect(blue(image)).toBe(true);
    expect(blue(overlay)).toBe(true);
    expect(blue(map)).toBe(false);
  });

  it("has no map without one", async () => {
    expect(await plate({ ...input(), map: null })).toMatchObject({ map: null, overlay: null });
  });
});

describe("an overlay for the command line", () => {
  it("has its picture above a legend that holds the colours and words", async () => {
    const { map, ...rest } = input();
    if (!map) throw new RangeError("the case has a map");
    const png = await overlayWithLegend({ ...rest, map, title: "grey.png · <CAM> & more" });
    const image = await decodeImage(png, "overlay.png");
    expect(image.widthPx).toBe(200);
    expect(image.heightPx).toBeGreaterThan(150);
    expect(pixel(image, 2, 110)).toEqual([28, 28, 28]);
    let isLit = 0;
    for (let y = 100; y < image.heightPx; y++)
      for (let x = 0; x < image.widthPx; x++) {
        const [r, g, b] = pixel(image, x, y);
        if (Math.min(r, g, b) > 120) isLit++;
      }
    expect(isLit).toBeGreaterThan(150); // letters
    const same = await overlayWithLegend({ ...rest, map, title: "grey.png · <CAM> & more" });
    expect(Buffer.compare(Buffer.from(png), Buffer.from(same))).toBe(0);
  });
});
