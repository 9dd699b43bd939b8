import { expect, it } from "vitest";
import { askReader, hasReader } from "../../../test/support/outside-readers.ts";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { join } from "node:path";
import { openPart10 } from "../part10.ts";
import { decimal, sequence, text, words, type DataElements } from "./element.ts";
import { writePart10 } from "./part10.ts";

const whole: DataElements = [
  text(0x00080016, "UI", "1.2.3"),
  text(0x00080018, "UI", "1.2.4"),
  text(0x00100010, "PN", "Müller^Zoë"),
  sequence(0x00081140, [sequence(0x00081199, [text(0x00081155, "UI", "1.2.5")])], []),
  words(0x00280010, 7, 65535),
  { tag: 0x00280122, vr: "FL", value: [-0.5] },
  { tag: 0x00209165, vr: "AT", value: [0x00209056] },
  { tag: 0x7fe00010, vr: "OB", value: Uint8Array.of(1, 2, 3) },
];

it.each(["implicit", "explicit", "deflated"] as const)(
  "writes %s as our reader reads it",
  (syntax) => {
    const { dataSet, isCut } = openPart10(writePart10(syntax, whole)) ?? expect.unreachable();
    expect(isCut).toBe(false);
    expect(dataSet.text(0x00080005)).toBe("ISO_IR 192");
    expect(Buffer.from(dataSet.bytes(0x00100010) ?? []).toString("utf8")).toBe("Müller^Zoë");
    expect(dataSet.items(0x00081140)).toHaveLength(2);
    expect(dataSet.item(0x00081140)?.item(0x00081199)?.text(0x00081155)).toBe("1.2.5");
    expect(dataSet.words(0x00280010)).toEqual([7, 65535]);
    expect(dataSet.floats(0x00280122)).toEqual([-0.5]);
    expect(dataSet.words(0x00209165)).toEqual([0x0020, 0x9056]);
    expect([...(dataSet.bytes(0x7fe00010) ?? [])]).toEqual([1, 2, 3, 0]);
  },
);

it.skipIf(!hasReader("dcmdump")).each(["implicit", "explicit", "deflated"] as const)(
  "writes %s as dcmtk reads it",
  async (syntax) => {
    const folder = await temporaryFolder({ file: writePart10(syntax, whole) });
    const dump = askReader("dcmdump", "+U8", join(folder, "file"));
    expect(dump).toContain("Müller^Zoë");
    expect(dump).toMatch(/\(0020,9165\) AT \(0020,9056\)/);
    expect(dump).toMatch(/\(7fe0,0010\) O[BW] .*# +4/);
    expect(dump).not.toMatch(/^[EF]: /m);
  },
);

it.each([
  ["a code in small letters", text(0x00080060, "CS", "ct")],
  ["a text over its length", text(0x00081090, "LO", "x".repeat(65))],
  ["a value divided by a backslash", text(0x00081090, "LO", "a\\b")],
  ["a UID with a leading zero", text(0x0020000d, "UI", "1.02")],
  ["a number over its kind", words(0x00280010, 65536)],
  ["a private tag", text(0x00091001, "LO", "x")],
  ["a tag twice", text(0x00080016, "UI", "1.2")],
] as const)("refuses %s", (_, element) => {
  expect(() => writePart10("explicit", [...whole, element])).toThrow(RangeError);
});

it("writes decimals in 16 characters as near as they come", () => {
  expect([decimal(0.5), decimal(-1 / 3), decimal(1e-7)]).toEqual([
    "0.5",
    "-0.3333333333333",
    "1e-7",
  ]);
  expect(() => decimal(NaN)).toThrow(RangeError);
});
