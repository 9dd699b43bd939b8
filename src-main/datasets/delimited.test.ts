import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import type { Dataset } from "./dataset.ts";
import { readDataset, type DatasetSources } from "./read-dataset.ts";

const threeCats = { "images/a/1.jpg": "", "images/a/2.jpg": "", "images/b/1.jpg": "" };

async function readTableWith(
  table: string | Uint8Array,
  options: Partial<DatasetSources> = {},
  files: Readonly<Record<string, string>> = threeCats,
): Promise<Dataset> {
  const folder = await temporaryFolder({ ...files, "labels.csv": table });
  return readDataset({
    folder: join(folder, "images"),
    labels: join(folder, "labels.csv"),
    probe: () => Promise.resolve({ width: 100, height: 50 }),
    ...options,
  });
}

const labelsOf = ({ items }: Dataset) => items.map((item) => item.label);
const usesOf = ({ columns }: Dataset) =>
  Object.fromEntries(columns.map(({ name, use }) => [name, use]));

describe("a table of labels", () => {
  it("matches by relative path where a base name occurs twice", async () => {
    const dataset = await readTableWith("file,label\na/1.jpg,x\nb/1.jpg,y\n2.jpg,z\n");
    expect(labelsOf(dataset)).toEqual(["x", "z", "y"]);
  });

  it("leaves an ambiguous base name unmatched instead of choosing one", async () => {
    const dataset = await readTableWith("file,label\n1.jpg,x\n2.jpg,y\n");
    expect(labelsOf(dataset)).toEqual([null, "y", null]);
    expect(dataset.unmatchedRows).toEqual([
      { source: "labels", row: 2, file: "1.jpg", why: "ambiguous" },
    ]);
    expect(dataset.unmatchedFiles).toEqual(["a/1.jpg", "b/1.jpg"]);
    expect(dataset.notes).toContain("1 row of the labels names no image here");
    expect(dataset.notes).toContain("2 images are not named in the labels");
  });

  it("matches paths that start elsewhere by their common end", async () => {
    const dataset = await readTableWith(
      "path;class\nC:\\data\\images\\a\\1.jpg;x\n/mnt/old/b/1.jpg;y\n./a/2.jpg;z\n",
    );
    expect(labelsOf(dataset)).toEqual(["x", "z", "y"]);
  });

  it("never follows a path out of the folder", async () => {
    const dataset = await readTableWith(
      "file,label\n../../etc/passwd,x\n../images/a/2.jpg,x\n/etc/passwd,x\na/1.jpg,y\n",
    );
    expect(labelsOf(dataset)).toEqual(["y", null, null]);
    expect(dataset.unmatchedRows.map((row) => row.why)).toEqual(["outside", "outside", "absent"]);
  });

  it("knows a name in either Unicode form", async () => {
    const files = { ["images/Größe.jpg".normalize("NFD")]: "" };
    const table = `file,label\n${"Größe.jpg".normalize("NFC")},x\n`;
    expect(labelsOf(await readTableWith(table, {}, files))).toEqual(["x"]);
  });

  it.each([
    ["UTF-8 with a mark", Buffer.from("\ufefffile,label\n2.jpg,Ödem\n")],
    ["UTF-8", Buffer.from("file,label\n2.jpg,Ödem\n")],
    ["UTF-16 little-endian", Buffer.from("\ufefffile,label\n2.jpg,Ödem\n", "utf16le")],
    ["UTF-16 big-endian", Buffer.from("\ufefffile,label\n2.jpg,Ödem\n", "utf16le").swap16()],
    ["UTF-16 without a mark", Buffer.from("file,label\n2.jpg,Ödem\n", "utf16le")],
    ["Windows-1252", Buffer.from("file,label\r\n2.jpg,Ödem\r\n", "latin1")],
  ])("reads %s", async (_, bytes) => {
    expect(labelsOf(await readTableWith(bytes))[1]).toBe("Ödem");
  });

  it.each([
    ["semicolons, decimal commas", "file;score;label\n2.jpg;0,5;x\na/1.jpg;0,7;y\n"],
    ["tabs", "file\tlabel\n2.jpg\tx\na/1.jpg\ty\n"],
    ["bars", "file|label\n2.jpg|x\na/1.jpg|y\n"],
    ["quoted commas and line ends", 'file,note,label\n"2.jpg","a, ""b""\nc",x\na/1.jpg,,y\n'],
    ["spaces after commas", "file, label\n2.jpg, x\na/1.jpg, y\n"],
    ["old Mac line ends", "file,label\r2.jpg,x\ra/1.jpg,y\r"],
  ])("reads %s", async (_, table) => {
    expect(labelsOf(await readTableWith(table))).toEqual(["y", "x", null]);
  });

  it("tells columns by name and content, and keeps the others as facets", async () => {
    const dataset = await readTableWith(
      "Image Index,Finding Labels,Patient ID,fold,View Position\n2.jpg,Edema|Mass,17,train,PA\na/1.jpg,Mass,18,val,AP\n",
    );
    expect(usesOf(dataset)).toEqual({
      "Image Index": "file",
      "Finding Labels": "label",
      "Patient ID": "group",
      fold: "split",
      "View Position": "facet",
    });
    expect(dataset.items[1]).toMatchObject({
      label: null,
      labels: ["Edema", "Mass"],
      group: "17",
      split: "train",
      facets: { "View Position": "PA" },
    });
  });

  it("finds files by content under any name, and a table without a header", async () => {
    expect(labelsOf(await readTableWith("was,ist\n2.jpg,x\na/1.jpg,y\n"))).toEqual([
      "y",
      "x",
      null,
    ]);
    const bare = await readTableWith("2.jpg,x\na/1.jpg,y\n");
    expect(labelsOf(bare)).toEqual(["y", "x", null]);
    expect(bare.notes).toContain("The table has no header line");
  });

  it("lists columns that could each hold the label, and takes the one a person names", async () => {
    const table = "file,first,second\n2.jpg,x,p\na/1.jpg,y,q\n";
    await expect(readTableWith(table)).rejects.toMatchObject({
      code: "labels/ambiguous-column",
      details: { columns: "first, second" },
    });
    const chosen = await readTableWith(table, { columns: { label: "second" } });
    expect(labelsOf(chosen)).toEqual(["q", "p", null]);
  });

  it("reads columns of 0 and 1 as classes", async () => {
    const dataset = await readTableWith("file,cat,person\n2.jpg,1,0\na/1.jpg,0,1\nb/1.jpg,1,1\n");
    expect(labelsOf(dataset)).toEqual(["person", "cat", null]);
    expect(dataset.items[2]?.labels).toEqual(["cat", "person"]);
  });

  it("reads boxes as corners or as corner and size, in pixels or fractions", async () => {
    const corners = await readTableWith("file,label,xmin,ymin,xmax,ymax\n2.jpg,x,10,5,60,30\n");
    const sizes = await readTableWith("patientId,x,y,width,height,Target\n2,10,5,50,25,1\n");
    const stated = await readTableWith(
      "file,label,width,height,x1,y1,x2,y2\n2.jpg,x,200,100,20,10,120,60\n",
    );
    const fractions = await readTableWith("file,label,xmin,ymin,xmax,ymax\n2.jpg,x,.1,.1,.6,.6\n");
    for (const dataset of [corners, sizes, stated, fractions]) {
      const evidence = dataset.items[1]?.evidence;
      const [shape] = evidence?.kind === "shapes" ? evidence.shapes : [];
      expect(shape).toMatchObject({ kind: "rect", x: 0.1, y: 0.1 });
      expect(shape?.kind === "rect" && [shape.w, shape.h]).toEqual([
        expect.closeTo(0.5, 9),
        expect.closeTo(0.5, 9),
      ]);
    }
  });

  it("joins the rows of one image: several boxes, several labels", async () => {
    const dataset = await readTableWith(
      "file,label,xmin,ymin,xmax,ymax\n2.jpg,x,0,0,10,10\n2.jpg,x,50,20,60,30\na/1.jpg,x,0,0,9,9\na/1.jpg,y,0,0,9,9\n",
    );
    expect(dataset.items[1]).toMatchObject({ label: "x" });
    const evidence = dataset.items[1]?.evidence;
    expect(evidence?.kind === "shapes" && evidence.shapes).toHaveLength(2);
    expect(dataset.items[0]?.labels).toEqual(["x", "y"]);
  });

  it("keeps a facet called __proto__ a facet", async () => {
    const dataset = await readTableWith("file,label,__proto__\n2.jpg,x,evil\n");
    expect(Object.entries(dataset.items[1]?.facets ?? {})).toEqual([["__proto__", "evil"]]);
    expect(({} as Record<string, unknown>)["evil"]).toBeUndefined();
  });
});

describe("a table of evidence", () => {
  it("reads masks beside it or below the images and never opens one outside", async () => {
    const outside = await temporaryFolder({ "mask.png": "" });
    const folder = await temporaryFolder({
      ...threeCats,
      "masks/m1.png": "",
      "evidence.csv": `file,evidence\na/1.jpg,masks/m1.png\na/2.jpg,${outside}/mask.png\nb/1.jpg,masks/gone.png\n`,
    });
    const dataset = await readDataset({
      folder: join(folder, "images"),
      evidence: join(folder, "evidence.csv"),
      probe: () => Promise.reject(new Error("no mask needs a size")),
    });
    expect(dataset.items.map((item) => item.evidence)).toEqual([
      { kind: "mask-file", path: join(folder, "masks/m1.png"), ignore: [] },
      null,
      null,
    ]);
    expect(dataset.notes).toContain("1 mask is not at its place");
    expect(dataset.notes.join()).toContain("1 mask lies outside");
  });
});
