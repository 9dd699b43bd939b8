import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hasReader, verdictOf } from "../../../test/support/outside-readers.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { writeDicom, type WrittenSyntax } from "../../../test/support/write-dicom.ts";
import { openDicomImage } from "../../dicom/file.ts";
import { UidMap } from "./uids.ts";
import { deidentifiedSource } from "./deidentify.ts";

const uids = new UidMap(new Uint8Array(32).fill(3));
const pixels = Uint8Array.of(1, 2, 3, 250, 5, 6);

function source(syntax: WrittenSyntax, burnedIn: string | null): Uint8Array {
  const text = (tag: number, vr: string, value: string) => ({ tag, vr, value });
  const names = [
    text(0x00080014, "UI", "1.2.77081.1"),
    text(0x00080020, "DA", "19610229"),
    text(0x00080080, "LO", "Gurpfad"),
    text(0x00080090, "PN", "Vexbruck^Ada"),
    text(0x00081030, "LO", "Chest of Zyxwolf"),
    text(0x00090010, "LO", "DEMO"),
    text(0x00091001, "LO", "Zyxwolf again"),
    text(0x00100010, "PN", "Zyxwolf^Quintessa"),
    text(0x00100020, "LO", "MRN-77081"),
    text(0x00204000, "LT", "Seen by Vexbruck"),
    text(0x60001500, "LO", "Name Zyxwolf"),
    { tag: 0x00081140, vr: "SQ", value: [[text(0x00081155, "UI", "1.2.77081.2")]] },
  ];
  return writeDicom(
    syntax,
    [
      text(0x00080008, "CS", "ORIGINAL\\PRIMARY"),
      text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7"),
      text(0x00080018, "UI", "1.2.77081.3"),
      text(0x00080060, "CS", "OT"),
      text(0x00080064, "CS", "WSD"),
      text(0x0020000d, "UI", "1.2.77081.4"),
      text(0x0020000e, "UI", "1.2.77081.5"),
      text(0x00200013, "IS", "1"),
      ...(burnedIn === null ? [] : [text(0x00280301, "CS", burnedIn)]),
      ...names,
    ],
    { rows: 2, columns: 3, frames: [pixels], photometric: "MONOCHROME2" },
  );
}

it.each(["implicit", "explicit", "big-endian", "rle", "deflated"] as const)(
  "takes every name out of %s, and leaves the pixels",
  async (syntax) => {
    const copy = deidentifiedSource(source(syntax, "NO"), uids);
    if (typeof copy === "string") return expect.unreachable(copy);
    const text = Buffer.from(copy).toString("latin1");
    expect(text).not.toMatch(/Zyxwolf|Quintessa|Vexbruck|Gurpfad|77081|19610229|DEMO/);
    const { dataSet, frame } = openDicomImage(copy, "copy");
    expect([...(await frame(0)).values]).toEqual([...pixels]);
    expect(dataSet.text(0x00080018)).toBe(uids.map("1.2.77081.3"));
    expect(dataSet.item(0x00120064)?.text(0x00080100)).toBe("113100");
    expect([...dataSet.elements.keys()].filter((tag) => (tag >>> 16) & 1)).toEqual([]);
  },
);

it("withholds pixels that may hold a name: silence is no 'no'", () => {
  expect(deidentifiedSource(source("explicit", "YES"), uids)).toBe("burned-in");
  expect(deidentifiedSource(source("explicit", null), uids)).toBe("burned-in");
});

it.skipIf(!hasReader("dciodvfy"))("is whole by dciodvfy", async () => {
  const path = join(await temporaryFolder(), "copy");
  const copy = deidentifiedSource(source("explicit", "NO"), uids);
  if (typeof copy === "string") return expect.unreachable(copy);
  writeFileSync(path, copy);
  const { errors } = verdictOf(path);
  writeFileSync(path, source("explicit", "NO"));
  // The source is no model of a file: what it lacks its copy lacks, and nothing more.
  const known = verdictOf(path).errors;
  expect(errors.filter((line) => !known.includes(line))).toEqual([]);
});
