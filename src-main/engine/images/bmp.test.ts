import { encode } from "fast-bmp";
import { describe, expect, it } from "vitest";
import { decodeBmp, decodeBmpValues } from "./bmp.ts";

/** A bitmap of version 3: header, palette as b, g, r, 0 quads, packed pixels. */
function bitmap(
  head: { width: number; height: number; bits: number; compression?: number },
  palette: readonly number[],
  pixels: readonly number[],
): Uint8Array {
  const offset = 54 + palette.length;
  const bytes = new Uint8Array(offset + pixels.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, offset, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, head.width, true);
  view.setInt32(22, head.height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, head.bits, true);
  view.setUint32(30, head.compression ?? 0, true);
  bytes.set(palette, 54);
  bytes.set(pixels, offset);
  return bytes;
}

const redGreenBlue = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];
const red = [255, 0, 0];
const green = [0, 255, 0];
const blue = [0, 0, 255];

describe("bitmaps", () => {
  it("agree with fast-bmp on 24 bits of an odd width", () => {
    const data = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => (i * 37) % 256);
    const bytes = encode({
      width: 5,
      height: 3,
      data,
      bitsPerPixel: 24,
      components: 3,
      channels: 3,
    });
    const image = decodeBmp(bytes, "a.bmp");
    expect([image.widthPx, image.heightPx, image.channels]).toEqual([5, 3, 3]);
    expect([...image.data]).toEqual([...data]);
  });

  it("look colours up in the palette, rows from the bottom, four bits a pixel", () => {
    // 3 × 2: lower row 0 1 2, upper row 2 1 0; each row padded to four bytes
    const bytes = bitmap(
      { width: 3, height: 2, bits: 4 },
      redGreenBlue,
      [0x01, 0x20, 0, 0, 0x21, 0x00, 0, 0],
    );
    const { data } = decodeBmp(bytes, "a.bmp");
    expect([...data]).toEqual([...blue, ...green, ...red, ...red, ...green, ...blue]);
    expect([...decodeBmpValues(bytes, "a.bmp").values]).toEqual([2, 1, 0, 0, 1, 2]);
  });

  it("are read from the top where the height is negative", () => {
    const bytes = bitmap({ width: 1, height: -2, bits: 8 }, redGreenBlue, [0, 0, 0, 0, 1, 0, 0, 0]);
    expect([...decodeBmp(bytes, "a.bmp").data]).toEqual([...red, ...green]);
  });

  it("have no alpha in plain 32 bits, whatever the fourth byte holds", () => {
    const bytes = bitmap({ width: 1, height: 1, bits: 32 }, [], [0, 0, 255, 0]);
    expect([...decodeBmp(bytes, "a.bmp").data]).toEqual(red);
  });

  it("spread five bits over the whole range", () => {
    const bytes = bitmap({ width: 2, height: 1, bits: 16 }, [], [0x00, 0x7c, 0x0f, 0x00]);
    expect([...decodeBmp(bytes, "a.bmp").data]).toEqual([255, 0, 0, 0, 0, 123]); // 15/31 of 255
  });

  it("unpack runs, jumps and literal stretches", () => {
    // 4 × 2 of 8 bits: "3 × 1", end of line, literal "2 0 1" padded, jump (1, 0), end
    const pixels = [3, 1, 0, 0, 0, 3, 2, 0, 1, 0, 0, 1];
    const bytes = bitmap({ width: 4, height: 2, bits: 8, compression: 1 }, redGreenBlue, pixels);
    expect([...decodeBmpValues(bytes, "a.bmp").values]).toEqual([2, 0, 1, 0, 1, 1, 1, 0]);
  });

  it("are refused when a run leaves the picture or the rows are cut", () => {
    const wild = bitmap({ width: 2, height: 1, bits: 8, compression: 1 }, redGreenBlue, [9, 1]);
    expect(() => decodeBmp(wild, "a.bmp")).toThrowError(
      expect.objectContaining({
        details: { file: "a.bmp", why: "damaged" },
      }),
    );
    const cut = bitmap({ width: 2, height: 2, bits: 24 }, [], [1, 2, 3, 4, 5, 6, 0, 0]);
    expect(() => decodeBmp(cut, "a.bmp")).toThrowError(
      expect.objectContaining({
        details: { file: "a.bmp", why: "truncated" },
      }),
    );
  });
});
