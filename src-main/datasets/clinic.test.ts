import { rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { deflateRawSync, crc32 } from "node:zlib";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { writeDicom, type WrittenElement } from "../../test/support/write-dicom.ts";
import type { AppError } from "../../shared/errors/app-error.ts";
import { decodeImage } from "../engine/images/decode.ts";
import type { DatasetSources } from "./read-dataset.ts";
import { readDataset } from "./read-dataset.ts";
import { unitKeys } from "./unit-keys.ts";

const probe = () => Promise.resolve({ width: 4, height: 2 });
const read = (folder: string, more: Partial<DatasetSources> = {}) =>
  readDataset({ folder, probe, ...more });

/** A grey file of 4 × 2 pixels per frame; frame f is all `10 f`. */
function scan(
  uid: string,
  frames = 1,
  more: readonly WrittenElement[] = [],
  patient = "A1",
): Uint8Array {
  return writeDicom(
    "explicit",
    [
      { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.7" },
      { tag: 0x00080018, vr: "UI", value: uid },
      { tag: 0x00080060, vr: "CS", value: "CR" },
      { tag: 0x00100020, vr: "LO", value: patient },
      { tag: 0x0020000d, vr: "UI", value: `1.2.3.${patient.length}` },
      ...more,
    ],
    {
      rows: 2,
      columns: 4,
      frames: Array.from({ length: frames }, (_, f) => new Uint8Array(8).fill(10 * (f + 1))),
      photometric: "MONOCHROME2",
    },
  );
}

const report = writeDicom("explicit", [
  { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.88.11" },
  { tag: 0x00080018, vr: "UI", value: "1.9" },
  { tag: 0x00080060, vr: "CS", value: "SR" },
]);

describe("frames", () => {
  it("are an item each, and decode as themselves", async () => {
    const folder = await temporaryFolder({ IM1: scan("1.1", 3), IM2: scan("1.2") });
    const { items } = await read(folder);
    expect(items.map(({ path, frame, frames }) => [path, frame, frames])).toEqual([
      ["IM1", 1, 3],
      ["IM1", 2, 3],
      ["IM1", 3, 3],
      ["IM2", null, 1],
    ]);
    const greys: number[] = [];
    for (const { absolutePath } of items) greys.push((await decodeImage(absolutePath)).data[0]);
    expect(greys).toEqual([10, 20, 30, 10]);
  });

  it("are read anew when their file changes", async () => {
    const folder = await temporaryFolder({ IM1: scan("1.1", 2) });
    const [first] = (await read(folder)).items;
    expect((await decodeImage(first.absolutePath)).data[0]).toBe(10);
    const other = Buffer.concat([scan("1.1", 2)]);
    other.fill(99, other.length - 16);
    await new Promise((resolve) => setTimeout(resolve, 20)); // another modification time
    await writeFile(join(folder, "IM1"), other);
    expect((await decodeImage(first.absolutePath)).data[0]).toBe(99);
  });

  it("that a cut file no longer holds whole are one failed row", async () => {
    const whole = scan("1.1", 5);
    const folder = await temporaryFolder({ IM1: whole.subarray(0, whole.length - 12) });
    const { items, notes } = await read(folder);
    expect(items.map(({ frame }) => frame)).toEqual([1, 2, 3, 4]);
    const outcomes = await Promise.all(
      items.map(({ absolutePath }) =>
        decodeImage(absolutePath).then(
          ({ data }) => data[0],
          ({ code, details }: AppError) => ({ code, details }),
        ),
      ),
    );
    expect(outcomes.slice(0, 3)).toEqual([10, 20, 30]);
    expect(outcomes[3]).toMatchObject({
      code: "dicom/frame-unreadable",
      details: { frame: 3, why: "truncated" },
    });
    expect(notes.join("\n")).toMatch(/states more frames than it can hold/);
  });

  it("that only a header claims make no rows", async () => {
    const claims = scan("1.1", 1, [{ tag: 0x00280008, vr: "IS", value: "2000000000" }]);
    const { items } = await read(await temporaryFolder({ IM1: claims }));
    expect(items.length).toBeLessThan(4);
  });
});

describe("a folder from a clinic", () => {
  it("has no labels in its folder names, counts what is no image, and groups by tags", async () => {
    const folder = await temporaryFolder({
      "Smith/IM1": scan("1.1", 1, [], "A1"),
      "Jones/IM2": scan("1.2", 1, [], "A1"),
      "Jones/IM3": scan("1.3", 1, [], "B22"),
      "Jones/SR1": report,
      "Jones/broken.dcm": Buffer.concat([Buffer.alloc(128), Buffer.from("DICMnothing at all")]),
    });
    const { items, notes } = await read(folder);
    expect(items.map(({ path }) => path)).toEqual([
      "Jones/IM2",
      "Jones/IM3",
      "Jones/broken.dcm",
      "Smith/IM1",
    ]);
    expect(items.every(({ label }) => label === null)).toBe(true);
    expect(notes.join("\n")).toMatch(/counted only: a structured report ×1/);
    expect(notes.join("\n")).toMatch(/2 patients and 2 studies/);
    expect(notes.join("\n")).toMatch(/attention order/);
    const secret = new Uint8Array(32).fill(7);
    const [b, c, broken, a] = items.map(({ ids, group }) => unitKeys(secret, ids, group));
    expect(a).toEqual(b);
    expect(c.group).not.toBe(a.group);
    expect(broken).toEqual({ group: null, study: null });
    // HMAC-SHA-256 of "A1", a zero byte and no issuer, under 32 bytes of 7 (by Python's hmac).
    expect(a.group).toBe("195553694f9a06e09bc15798b7021399");
    expect(JSON.stringify(items)).not.toMatch(/A1|B22/);
  });

  it("takes labels by instance, by path and by base name", async () => {
    const files = { "x/IM1": scan("1.2.1"), "x/IM2": scan("1.2.2"), "y/IM3": scan("1.2.3") };
    const folder = await temporaryFolder({
      ...Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`in/${path}`, bytes])),
      "by-uid.csv": "sop_instance_uid,label\n1.2.1,a\n1.2.3,b\n9.9,c\n",
      "by-path.csv": "file,label\nx/IM1,a\ny/IM3,b\n",
      "by-name.csv": "file,label\nIM1,a\nIM3,b\n",
    });
    for (const way of ["uid", "path", "name"]) {
      const { items, unmatchedRows } = await read(join(folder, "in"), {
        labels: join(folder, `by-${way}.csv`),
      });
      expect(items.map(({ label }) => label)).toEqual(["a", null, "b"]);
      expect(unmatchedRows).toHaveLength(way === "uid" ? 1 : 0);
    }
  });

  it("takes labels from an attribute, by keyword or tag, and never from one that may name somebody", async () => {
    const view = (value: string) => [{ tag: 0x00185101, vr: "CS", value }];
    const folder = await temporaryFolder({
      IM1: scan("1.1", 2, view("PA")),
      IM2: scan("1.2", 1, view("LL")),
    });
    for (const labelAttribute of ["ViewPosition", "(0018,5101)", "00185101"]) {
      const { items } = await read(folder, { labelAttribute });
      expect(items.map(({ label }) => label)).toEqual(["PA", "PA", "LL"]);
    }
    const refusals = { PatientID: "unknown", "0010,0010": "identity", "0018,1030": "identity" };
    for (const [labelAttribute, why] of Object.entries(refusals)) {
      await expect(read(folder, { labelAttribute })).rejects.toMatchObject({
        code: `labels/${why}-attribute`,
      });
    }
    await expect(read(folder, { labelAttribute: "KVP" })).rejects.toMatchObject({
      code: "labels/attribute-missing",
    });
  });

  it("leaves columns out that may name people, and values that repeat a name", async () => {
    const folder = await temporaryFolder({
      "in/IM1": scan("1.1", 1, [
        { tag: 0x00100010, vr: "PN", value: "Wolf^Ada" },
        { tag: 0x00080070, vr: "LO", value: "Bought by Wolf" },
        { tag: 0x00081090, vr: "LO", value: "Plate 1" },
      ]),
      "labels.csv": "file,label,patient_name,site\nIM1,a,Ada Wolf,north\n",
    });
    const { items, notes } = await read(join(folder, "in"), { labels: join(folder, "labels.csv") });
    expect(items[0].facets).toMatchObject({ "Device model": "Plate 1", site: "north" });
    expect(JSON.stringify([items, notes])).not.toMatch(/wolf/i);
  });
});

describe("a disc with a DICOMDIR", () => {
  const record = (type: string, ...path: string[]): WrittenElement[] => [
    { tag: 0x00041430, vr: "CS", value: type },
    { tag: 0x00041500, vr: "CS", value: path.join("\\") },
  ];
  const directory = (...records: WrittenElement[][]) =>
    writeDicom("explicit", [
      { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.1.3.10" },
      { tag: 0x00041220, vr: "SQ", value: records },
    ]);

  it("is read through it: missing files are rows, the viewer's pictures none", async () => {
    const folder = await temporaryFolder({
      DICOMDIR: directory(
        record("PATIENT"),
        record("IMAGE", "DICOM", "IM1"),
        record("IMAGE", "DICOM", "IM2"),
        record("SR DOCUMENT", "DICOM", "SR1"),
        record("IMAGE", "..", "..", "SECRET"),
      ),
      "dicom/im1": scan("1.1"),
      "dicom/extra": scan("1.7"),
      "dicom/sr1": report,
      "viewer/logo.png": "no picture of a patient",
    });
    const { items, notes } = await read(folder);
    expect(items.map(({ path, isMissing }) => [path, isMissing])).toEqual([
      ["dicom/extra", false],
      ["dicom/im1", false],
      ["DICOM/IM2", true],
    ]);
    const said = notes.join("\n");
    expect(said).toMatch(/Read through DICOMDIR, which lists 3 files/);
    expect(said).toMatch(/1 file that DICOMDIR lists is not at its place/);
    expect(said).toMatch(/1 DICOM image is not listed/);
    expect(said).toMatch(/1 picture beside DICOMDIR belongs to the disc's viewer/);
    await expect(decodeImage(items[2].absolutePath)).rejects.toMatchObject({
      code: "image/missing",
    });
  });

  it.skipIf(!fixturesFolder)("of the fixtures gives every file that it lists", async () => {
    const { items, notes } = await read(fixture("dicom/dicomdir"));
    expect(items.filter(({ isMissing }) => !isMissing)).toHaveLength(31);
    expect(notes.join("\n")).toMatch(/lists 31 files/);
  });
});

describe("an archive", () => {
  it("is read in place, as the dataset or among its files", async () => {
    const packed = zip({ "A/IM1": scan("1.1", 2), "B/IM2": scan("1.2"), "B/readme.txt": "x" });
    const folder = await temporaryFolder({ "disc.zip": packed, "own/IM9": scan("1.9") });
    const inside = await read(join(folder, "disc.zip"));
    expect(inside.items.map(({ path, frame }) => [path, frame])).toEqual([
      ["A/IM1", 1],
      ["A/IM1", 2],
      ["B/IM2", null],
    ]);
    expect((await decodeImage(inside.items[1].absolutePath)).data[0]).toBe(20);
    const beside = await read(folder);
    expect(beside.items.map(({ path }) => path)).toEqual([
      "disc.zip/A/IM1",
      "disc.zip/A/IM1",
      "disc.zip/B/IM2",
      "own/IM9",
    ]);
    expect(beside.notes.join("\n")).toMatch(/1 archive is read in place/);
    expect((await decodeImage(beside.items[2].absolutePath)).data[0]).toBe(10);
    await expect(decodeImage(join(folder, "disc.zip/A/IM7"))).rejects.toMatchObject({
      code: "image/missing",
    });
  });

  it("gets nothing past its own bounds: ways out, bombs and broken ones are refused and counted", async () => {
    const bomb = zip({ "big.dcm": Buffer.alloc(16) }, { "big.dcm": 3_000_000_000 });
    const damaged = Buffer.from(zip({ IM3: scan("1.3") }));
    damaged[60] ^= 0xff; // inside the member's bytes
    const folder = await temporaryFolder({
      "out.zip": zip({ "../IM0": scan("1.0"), "/abs": scan("1.0"), IM1: scan("1.1") }),
      "bomb.zip": bomb,
      "torn.zip": Buffer.from(zip({ IM2: scan("1.2") })).subarray(0, 90),
      "damaged.zip": damaged,
    });
    const { items, notes } = await read(folder);
    expect(items.map(({ path }) => path)).toContain("out.zip/IM1");
    const said = notes.join("\n");
    expect(said).toMatch(/2 entries of archives lead out/);
    expect(said).toMatch(/1 entry of an archive claims a size/);
    expect(said).toMatch(/1 archive cannot be read and was left out: torn.zip/);
    const spoilt = join(folder, "damaged.zip/IM3");
    await expect(decodeImage(spoilt)).rejects.toMatchObject({ code: "image/unreadable" });
  });
});

it("a disc pulled while it is listed leaves rows that say so, and gives all when it is back", async () => {
  const files = { "a.png": "1", IM1: scan("1.1", 2), "IM2.dcm": scan("1.2"), IM3: scan("1.3") };
  const folder = await temporaryFolder(files);
  const { items, notes } = await read(folder, {
    onProgress: ({ phase, total }) => {
      if (phase !== "counting" || total === null) return;
      for (const name of ["a.png", "IM2.dcm", "IM3"]) rmSync(join(folder, name));
    },
  });
  expect(items.map(({ path, frame, isMissing }) => [path, frame, isMissing])).toEqual([
    ["IM1", 1, false],
    ["IM1", 2, false],
    ["IM2.dcm", null, true],
    ["a.png", null, true],
  ]);
  expect(notes.join("\n")).toMatch(/2 images were gone/);
  expect(notes.join("\n")).toMatch(/IM3/);
  const { absolutePath } = items[2];
  await expect(decodeImage(absolutePath)).rejects.toMatchObject({ code: "image/missing" });
  await writeFile(absolutePath, files["IM2.dcm"]);
  expect((await decodeImage(absolutePath)).data[0]).toBe(10);
});

/** An archive by the format's own description (APPNOTE 6.3), so that names and sizes may lie. */
function zip(
  files: Readonly<Record<string, Uint8Array | string>>,
  claimed: Readonly<Record<string, number>> = {},
): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as Uint8Array); // text or bytes, as Buffer.from takes either
    const packed = deflateRawSync(bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimed[name] ?? bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    const own = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, tail, Buffer.from(name)]);
    locals.push(local);
    central.push(own);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}
