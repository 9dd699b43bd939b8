import { expect, it } from "vitest";
import { sampleFacts, sampleSource } from "../../../test/support/sample-source.ts";
import { writeDicom } from "../../../test/support/write-dicom.ts";
import { text } from "../../dicom/write/element.ts";
import { writePart10 } from "../../dicom/write/part10.ts";
import { keyObjectsClass, writeKeyObjects } from "./key-objects.ts";
import { missingIn } from "./required.ts";
import { openSource } from "./source.ts";
import { newUid, UidMap } from "./uids.ts";

const uids = new UidMap(new Uint8Array(32).fill(3));
const plane = [
  text(0x00180050, "DS", "3"),
  text(0x00200032, "DS", "-10\\20\\30.5"),
  text(0x00200037, "DS", "0\\1\\0\\0\\0\\-1"),
  text(0x00200052, "UI", "1.2.9"),
  text(0x00280030, "DS", "0.5\\0.25"),
];

function written(
  more: readonly { tag: number; vr: string; value: string }[],
  without = 0,
): Uint8Array {
  const elements = [
    { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.2" },
    { tag: 0x00080018, vr: "UI", value: "1.2.3" },
    { tag: 0x00100020, vr: "LO", value: "P1" },
    { tag: 0x0020000d, vr: "UI", value: "1.2.1" },
    { tag: 0x0020000e, vr: "UI", value: "1.2.2" },
    ...more,
  ].filter(({ tag }) => tag !== without);
  return writeDicom("explicit", elements, {
    rows: 2,
    columns: 3,
    frames: [Uint8Array.of(1, 2, 3, 4, 5, 6)],
    photometric: "MONOCHROME2",
  });
}
const planeTexts = plane.map(({ tag, vr, value }) => ({ tag, vr, value: String(value) }));

it("has the plane of its file, and its identifiers mapped", () => {
  expect(openSource(written(planeTexts), null, uids)).toEqual({
    sopClass: "1.2.840.10008.5.1.4.1.1.2",
    instance: uids.map("1.2.3"),
    study: uids.map("1.2.1"),
    series: uids.map("1.2.2"),
    frameOfReference: uids.map("1.2.9"),
    patient: uids.pseudonym("P1\0"),
    frame: null,
    rows: 2,
    columns: 3,
    plane: {
      position: [-10, 20, 30.5],
      row: [0, 1, 0],
      column: [0, 0, -1],
      rowMm: 0.5,
      columnMm: 0.25,
      thicknessMm: 3,
    },
  });
});

it("has no plane without a frame of reference or a spacing, and is none without a study", () => {
  expect(openSource(written(planeTexts, 0x00200052), null, uids)?.plane).toBeNull();
  expect(openSource(written(planeTexts, 0x00280030), null, uids)?.plane).toBeNull();
  expect(openSource(written(planeTexts, 0x0020000d), null, uids)).toBeNull();
});

it("maps a UID to the same one under one secret, to another under another", () => {
  const again = new UidMap(new Uint8Array(32).fill(3));
  const other = new UidMap(new Uint8Array(32).fill(4));
  expect(again.map("1.2.3")).toBe(uids.map("1.2.3"));
  expect(other.map("1.2.3")).not.toBe(uids.map("1.2.3"));
  expect(uids.map("1.2.3")).not.toBe(uids.map("1.2.4"));
  expect(BigInt(uids.map("1.2.3").slice("2.25.".length)) < 2n ** 128n).toBe(true);
});

it("names what a written object lacks", () => {
  const ids = { instance: newUid(), series: newUid(), seriesNo: 1, instanceNo: 1 };
  const sources = [sampleSource({ isPlaced: true })];
  const whole = writeKeyObjects({ ids, title: "fault", why: "duplicate", sources }, sampleFacts);
  expect(missingIn(whole)).toEqual([]);
  const bare = writePart10("explicit", [
    text(0x00080016, "UI", keyObjectsClass),
    text(0x00080018, "UI", newUid()),
  ]);
  expect(missingIn(bare)).toEqual(
    expect.arrayContaining(["(0020,000d)", "(0012,0064)", "(0040,a375)", "(0010,0010)"]),
  );
});
