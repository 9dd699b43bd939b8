import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { indexFiles } from "./matching.ts";
import { openSource, readSource } from "./source.ts";

const images = ["a.jpg", "b.jpg"];

async function read(files: Readonly<Record<string, string>>, file = "") {
  const folder = await temporaryFolder(files);
  const source = await openSource(join(folder, file), "labels");
  const index = await indexFiles(images, folder);
  const context = { index, imagePaths: images, needs: "label" as const, choice: {} };
  return readSource(source, { ...context, signal: undefined });
}

describe("LabelMe", () => {
  const shape = (label: string, shape_type: string, points: unknown) => ({
    label,
    shape_type,
    points,
  });
  const file = (imagePath: string, shapes: unknown) =>
    JSON.stringify({
      version: "5.2.1",
      flags: {},
      shapes,
      imagePath,
      imageHeight: 20,
      imageWidth: 40,
    });

  it("gives rectangles whichever corner was drawn first, polygons and circles; a line is left out", async () => {
    const shapes = [
      shape("nodule", "rectangle", [
        [30, 15],
        [10, 5],
      ]),
      shape("tube", "polygon", [
        [0, 0],
        [8, 0],
        [0, 4],
      ]),
      shape("disc", "circle", [
        [20, 10],
        [23, 14],
      ]),
      shape("edge", "line", [
        [0, 0],
        [9, 9],
      ]),
    ];
    const { format, rows, notes } = await read({ "a.json": file("../a.jpg", shapes) }, "a.json");
    expect(format).toBe("LabelMe");
    expect(rows[0]).toMatchObject({ file: "a", labels: ["nodule", "tube", "disc"] });
    const { marks } = rows[0];
    if (marks?.kind !== "drawn") throw new Error("it has no marks");
    expect(marks.statedPx).toEqual({ width: 40, height: 20 });
    expect(marks.marks[0].drawn).toEqual({ kind: "rect", x: 10, y: 5, w: 20, h: 10 });
    expect(marks.marks[1].drawn).toEqual({ kind: "polygon", rings: [[0, 0, 8, 0, 0, 4]] });
    const circle = marks.marks[2].drawn;
    if (circle.kind !== "polygon") throw new Error("it is no polygon");
    expect(circle.rings[0].slice(0, 2)).toEqual([25, 10]); // 3, 4, 5
    expect(notes).toEqual([expect.stringContaining("1 LabelMe shape")]);
  });

  it("is read as a folder beside its pictures; a damaged file costs that file alone", async () => {
    const good = file("a.jpg", [
      shape("nodule", "rectangle", [
        [0, 0],
        [4, 4],
      ]),
    ]);
    const { rows, notes } = await read({
      "a.jpg": "x",
      "b.jpg": "x",
      "a.json": good,
      "b.json": "{",
    });
    expect(rows.map(({ file, labels }) => [file, labels])).toEqual([["a.jpg", ["nodule"]]]);
    expect(notes).toEqual([expect.stringContaining("1 LabelMe file")]);
  });

  it("leaves out a shape whose points are not numbers", async () => {
    const shapes = [
      shape("x", "polygon", [
        ["1e999", 0],
        [1, 1],
        [2, 2],
      ]),
      null,
      "shape",
    ];
    const { rows } = await read({ "a.json": file("a.jpg", shapes) }, "a.json");
    expect(rows[0].marks).toBeNull();
  });
});

describe("CVAT", () => {
  const xml = (inside: string) => `<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><labels><label><name>nodule</name></label><label><name>tube</name></label></labels></task></meta>
${inside}</annotations>`;

  it("gives boxes, polygons, tags and the classes in the task's order", async () => {
    const inside = `<image id="0" name="a.jpg" width="40" height="20" subset="Train">
      <box label="tube" xtl="1.5" ytl="2" xbr="11.5" ybr="8" occluded="0"/>
      <polygon label="nodule" points="0,0;8,0;0,4.5"/>
      <points label="tube" points="1,1"/><tag label="nodule"/></image>
      <image id="1" name="b.jpg" width="40" height="20"/>`;
    const { format, rows, classes, notes } = await read({ "x.xml": xml(inside) }, "x.xml");
    expect([format, classes]).toEqual(["CVAT", ["nodule", "tube"]]);
    expect(rows[0]).toMatchObject({
      file: "a.jpg",
      split: "train",
      labels: ["nodule", "tube"],
      marks: {
        statedPx: { width: 40, height: 20 },
        marks: [
          { label: "tube", drawn: { kind: "rect", x: 1.5, y: 2, w: 10, h: 6 } },
          { label: "nodule", drawn: { kind: "polygon", rings: [[0, 0, 8, 0, 0, 4.5]] } },
        ],
      },
    });
    expect(rows[1]).toMatchObject({ file: "b.jpg", labels: [], marks: null });
    expect(notes).toEqual([expect.stringContaining("1 CVAT mark")]);
  });

  it("is refused where it declares entities, which grow without end", async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${xml("&b;").slice(38)}`;
    await expect(read({ "x.xml": bomb }, "x.xml")).rejects.toMatchObject({
      code: "labels/unreadable",
      details: { why: "it declares a document type" },
    });
  });

  it("is refused where it names no images", async () => {
    const video = xml('<track id="0" label="tube"/>');
    await expect(read({ "x.xml": video }, "x.xml")).rejects.toMatchObject({
      details: { why: "it names no images, as CVAT for images does" },
    });
  });

  it("leaves out boxes and polygons that are no shapes", async () => {
    const inside = `<image name="a.jpg"><box label="x" xtl="9" ytl="0" xbr="1" ybr="4"/>
      <polygon label="x" points="1,2;NaN,4;5,6"/><polygon label="x" points="1,2;3"/></image>`;
    const { rows, notes } = await read({ "x.xml": xml(inside) }, "x.xml");
    expect(rows[0].marks).toBeNull();
    expect(notes).toEqual([expect.stringContaining("3 CVAT marks")]);
  });
});
