import { inspect } from "node:util";
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { openDicom, openDicomImage } from "./file.ts";
import { renderFrame } from "./render.ts";

/** An explicit little-endian element. */
function element(group: number, number: number, vr: string, value: Uint8Array): Buffer {
  const isLong = ["OB", "OW", "SQ", "UN"].includes(vr);
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, "latin1");
  if (isLong) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}
const word = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
const text = (value: string) => Buffer.from(value.length % 2 ? value + " " : value, "latin1");

/** A file of 2 × 2 greys. */
function greys(photometric: string, extra: readonly Buffer[] = [], syntax = "1.2.840.10008.1.2.1") {
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    element(2, 0x10, "UI", text(syntax)),
    element(8, 0x60, "CS", text("CR")),
    element(0x10, 0x10, "PN", text("Lovelace^Ada")),
    element(0x10, 0x20, "LO", text("PLANTED-ID")),
    element(0x28, 0x02, "US", word(1)),
    element(0x28, 0x04, "CS", text(photometric)),
    element(0x28, 0x10, "US", word(2)),
    element(0x28, 0x11, "US", word(2)),
    element(0x28, 0x100, "US", word(8)),
    element(0x28, 0x101, "US", word(8)),
    element(0x28, 0x102, "US", word(7)),
    element(0x28, 0x103, "US", word(0)),
    ...extra,
    element(0x7fe0, 0x10, "OB", Uint8Array.of(0, 10, 200, 255)),
  ]);
}

describe("openDicom", () => {
  it("shows bytes as they are, and MONOCHROME1 turned over", async () => {
    const two = await renderFrame(openDicomImage(greys("MONOCHROME2"), "a"), 0);
    const one = await renderFrame(openDicomImage(greys("MONOCHROME1"), "a"), 0);
    expect([...two.data]).toEqual([0, 10, 200, 255]);
    expect([...one.data]).toEqual([255, 245, 55, 0]);
  });

  it("paints padding black under both photometrics", async () => {
    const padding = [element(0x28, 0x120, "US", word(10))];
    const one = await renderFrame(openDicomImage(greys("MONOCHROME1", padding), "a"), 0);
    expect([...one.data]).toEqual([255, 0, 55, 0]);
  });

  it("uses the stored window", async () => {
    const window = [
      element(0x28, 0x1050, "DS", text("128")),
      element(0x28, 0x1051, "DS", text("1")),
    ];
    const shown = await renderFrame(openDicomImage(greys("MONOCHROME2", window), "a"), 0);
    expect([...shown.data]).toEqual([0, 0, 255, 255]);
    expect(shown.by).toBe("stored window");
  });

  it("does not print what names a patient", () => {
    const { facts } = openDicomImage(greys("MONOCHROME2"), "a");
    expect(facts.ids.reveal().patientId).toBe("PLANTED-ID");
    expect(JSON.stringify(facts) + inspect(facts, { depth: 9, showHidden: true })).not.toMatch(
      /PLANTED|Lovelace/,
    );
  });

  it("refuses sequences nested without end, and ends", () => {
    const open = Buffer.from("feff00e0ffffffff4000750253510000ffffffff", "hex");
    const start = Buffer.from("4000750253510000ffffffff", "hex");
    const deep = Buffer.concat([start, ...Array.from({ length: 50_000 }, () => open)]);
    const file = Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), deep]);
    expect(() => openDicom(file, "deep")).toThrow(
      expect.objectContaining({
        code: "dicom/unreadable",
        details: { file: "deep", why: "too-deep" },
      }),
    );
  });

  it("refuses a deflated part that unpacks beyond the limit", () => {
    const head = Buffer.concat([
      Buffer.alloc(128),
      Buffer.from("DICM"),
      element(2, 0x10, "UI", text("1.2.840.10008.1.2.1.99")),
    ]);
    const bomb = Buffer.concat([head, deflateRawSync(Buffer.alloc(600_000_000), { level: 1 })]);
    expect(() => openDicom(bomb, "bomb")).toThrow(
      expect.objectContaining({ details: { file: "bomb", why: "inflate" } }),
    );
  }, 20_000);

  it("refuses sizes beyond the limit before anything is unpacked", () => {
    const file = greys("MONOCHROME2");
    for (const number of [0x10, 0x11]) {
      const at = file.indexOf(Buffer.from([0x28, 0, number, 0, 0x55, 0x53]));
      file.writeUInt16LE(65_000, at + 8);
    }
    expect(() => openDicom(file, "huge")).toThrow(
      expect.objectContaining({ code: "image/too-large" }),
    );
  });

  it.skipIf(!fixturesFolder)("fails a cut last frame alone", async () => {
    const whole = readFileSync(fixture("dicom/pydicom-data/emri_small_jpeg_2k_lossless.dcm"));
    const image = openDicomImage(whole.subarray(0, whole.length - 2000), "cut");
    expect(image.isCut).toBe(true);
    await expect(image.frame(8)).resolves.toBeDefined();
    await expect(image.frame(9)).rejects.toMatchObject({
      code: "dicom/frame-unreadable",
      details: { frame: 9, why: "truncated" },
    });
  });

  const compressed = [
    "ct_05_rle",
    "ct_06_jpeg_baseline_50",
    "ct_07_jpeg_extended_51",
    "ct_11_jpeg_lossless_sv1_70",
    "ct_12_jpegls_80",
    "ct_14_j2k_lossless_90",
  ];
  it.skipIf(!fixturesFolder).each(compressed)(
    "%s with damaged bytes is read or refused",
    async (name) => {
      const bytes = readFileSync(fixture(`dicom/ct_transfer_syntaxes/${name}.dcm`));
      const image = openDicomImage(bytes, name);
      const { at = 0, length = 0 } = image.dataSet.elements.get(0x7fe00010) ?? {};
      let state = 1;
      for (let round = 0; round < 6; round++) {
        const spoilt = Buffer.from(bytes);
        for (let i = 0; i < 20; i++) {
          state = (state * 48_271) % 0x7fffffff;
          spoilt[at + 16 + (state % (length - 16))] = state & 0xff;
        }
        const outcome = await openDicomImage(spoilt, name)
          .frame(0)
          .then(
            ({ values }) => values.length,
            (error: { code?: string }) => error.code,
          );
        expect([512 * 512, "dicom/frame-unreadable"]).toContain(outcome);
      }
    },
  );
});
