import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { areaOfPolygon } from "../../shared/geometry/polygon.ts";
import { readOrientation, turnMask, turnPoint, type Orientation } from "./orientation.ts";
import { readDataset } from "./read-dataset.ts";

const probe = async (path: string) => (await sharp(path).metadata()).autoOrient;
const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** A picture whose camera was turned; `width` and `height` are as stored. */
function turned(orientation: Orientation, width: number, height: number): Promise<Buffer> {
  const create = { width, height, channels: 3, background: "grey" } as const;
  return sharp({ create }).withMetadata({ orientation }).jpeg().toBuffer();
}

const coco = (annotations: readonly object[], size = { width: 10, height: 10 }) =>
  JSON.stringify({
    images: [{ id: 1, file_name: "1.jpg", ...size }],
    categories: [
      { id: 1, name: "cat" },
      { id: 2, name: "dog" },
    ],
    annotations: annotations.map((one) => ({ image_id: 1, category_id: 1, ...one })),
  });

async function evidenceOf(json: string, picture: Uint8Array | string = "", table?: string) {
  const folder = await temporaryFolder({
    "images/1.jpg": picture,
    "coco.json": json,
    ...(table === undefined ? {} : { "labels.csv": table }),
  });
  const dataset = await readDataset({
    folder: join(folder, "images"),
    labels: join(folder, table === undefined ? "coco.json" : "labels.csv"),
    evidence: table === undefined ? null : join(folder, "coco.json"),
    probe,
  });
  return dataset.items[0]?.evidence ?? null;
}

describe("COCO evidence", () => {
  it("keeps a ring inside another as its hole", async () => {
    const segmentation = [
      [3, 3, 6, 3, 6, 6, 3, 6],
      [0, 0, 10, 0, 10, 10, 0, 10],
    ];
    const evidence = await evidenceOf(coco([{ segmentation }]));
    const shape = evidence?.kind === "shapes" ? evidence.shapes[0] : null;
    if (shape?.kind !== "polygon") throw new Error("no polygon");
    expect(shape.rings).toHaveLength(2);
    expect(areaOfPolygon(shape)).toBeCloseTo((100 - 9) / 100, 9);
  });

  it("keeps rings beside each other as two outlines", async () => {
    const segmentation = [
      [0, 0, 4, 0, 4, 4, 0, 4],
      [6, 6, 9, 6, 9, 9, 6, 9],
    ];
    const evidence = await evidenceOf(coco([{ segmentation }]));
    expect(evidence?.kind === "shapes" && evidence.shapes).toHaveLength(2);
  });

  it("reads compressed run lengths as it reads plain ones", async () => {
    // Three rows by three columns, the lower two pixels of the first column: runs 1, 2, 6, each one digit.
    const size = [3, 3];
    const plain = await evidenceOf(coco([{ segmentation: { counts: [1, 2, 6], size } }]));
    const packed = await evidenceOf(coco([{ segmentation: { counts: "126", size } }]));
    expect(plain).toEqual({ kind: "rle", width: 3, height: 3, counts: [1, 2, 6] });
    expect(packed).toEqual(plain);
  });

  it("joins a mask and a box of one image", async () => {
    const mask = { segmentation: { counts: [0, 2, 6], size: [2, 4] } }; // the first of four columns
    const box = { bbox: [3, 0, 1, 2] }; // the last
    const evidence = await evidenceOf(coco([mask, box], { width: 4, height: 2 }));
    expect(evidence).toEqual({ kind: "rle", width: 4, height: 2, counts: [0, 2, 4, 2] });
  });

  it("takes the shapes of the image's own class where the file has some", async () => {
    const json = coco([{ bbox: [0, 0, 1, 1] }, { bbox: [5, 5, 5, 5], category_id: 2 }]);
    const rect = (x: number, size: number) => ({ kind: "rect", x, y: x, w: size, h: size });
    const ofDog = await evidenceOf(json, "", "file,label\n1.jpg,dog\n");
    expect(ofDog).toEqual({ kind: "shapes", shapes: [rect(0.5, 0.5)] });
    const ofBird = await evidenceOf(json, "", "file,label\n1.jpg,bird\n");
    expect(ofBird).toEqual({ kind: "shapes", shapes: [rect(0, 0.1), rect(0.5, 0.5)] });
  });
});

describe("pictures of a turned camera", () => {
  it("have their boxes turned where the file states the stored size, and left where it states the shown one", async () => {
    const left = { bbox: [0, 0, 20, 20] };
    const picture = await turned(6, 40, 20);
    // Orientation 6: the stored left half is the upper half of the picture as shown.
    expect(await evidenceOf(coco([left], { width: 40, height: 20 }), picture)).toEqual({
      kind: "shapes",
      shapes: [{ kind: "rect", x: 0, y: 0, w: 1, h: 0.5 }],
    });
    expect(await evidenceOf(coco([left], { width: 20, height: 40 }), picture)).toEqual({
      kind: "shapes",
      shapes: [{ kind: "rect", x: 0, y: 0, w: 1, h: 0.5 }],
    });
    const low = { bbox: [0, 10, 40, 10] };
    expect(await evidenceOf(coco([low], { width: 40, height: 20 }), picture)).toEqual({
      kind: "shapes",
      shapes: [{ kind: "rect", x: 0, y: 0, w: 0.5, h: 1 }],
    });
  });

  it("have their run lengths turned too", async () => {
    const counts = Array.from({ length: 1 }, () => [0, 2, 6]).flat(); // first of four columns, two rows
    const json = coco([{ segmentation: { counts, size: [2, 4] } }], { width: 4, height: 2 });
    const evidence = await evidenceOf(json, await turned(6, 4, 2));
    // Shown two wide, four high, the upper row marked: 1, then 3 of nothing, in each of two columns.
    expect(evidence).toEqual({ kind: "rle", width: 2, height: 4, counts: [0, 1, 3, 1, 3] });
  });

  it.each(orientations)(
    "orientation %i is read and turned as sharp turns the pixels",
    async (turn) => {
      const values = Uint8Array.of(10, 60, 110, 160, 210, 250);
      const raw = { width: 3, height: 2, channels: 1 } as const;
      const png = await sharp(values, { raw }).withMetadata({ orientation: turn }).png().toBuffer();
      const shown = await sharp(png)
        .autoOrient()
        .toColourspace("b-w")
        .raw()
        .toBuffer({ resolveWithObject: true });
      const mask = turnMask(turn, { width: 3, height: 2, data: values });
      expect([mask.width, mask.height]).toEqual([shown.info.width, shown.info.height]);
      expect([...mask.data]).toEqual([...shown.data]);

      const folder = await temporaryFolder({ "x.jpg": await turned(turn, 8, 4), "x.png": png });
      expect(await readOrientation(join(folder, "x.jpg"))).toBe(turn);
      expect(turnPoint(turn, 0.5, 0.5)).toEqual([0.5, 0.5]);
    },
  );
});

describe("masks", () => {
  it("are found by relative path, then by unique stem, then by their ending", async () => {
    const folder = await temporaryFolder({
      "images/a/1.jpg": "",
      "images/b/1.jpg": "",
      "images/b/2.jpg": "",
      "images/c/3.jpg": "",
      "images/c/4.jpg": "",
      "masks/a/1.png": "",
      "masks/2.png": "",
      "masks/3_mask.png": "",
      "masks/9.png": "",
    });
    const dataset = await readDataset({
      folder: join(folder, "images"),
      evidence: join(folder, "masks"),
      probe,
    });
    const paths = dataset.items.map(({ evidence }) =>
      evidence?.kind === "mask-file" ? evidence.path.slice(folder.length + 1) : null,
    );
    expect(paths).toEqual(["masks/a/1.png", null, "masks/2.png", "masks/3_mask.png", null]);
    expect(dataset.unmatchedRows).toEqual([
      { source: "evidence", row: null, file: "9.png", why: "absent" },
    ]);
  });

  it("with Pascal VOC's palette leave 255 out, others leave nothing out", async () => {
    const data = Uint8Array.of(0, 1, 2, 255);
    const plain = await sharp(data, { raw: { width: 2, height: 2, channels: 1 } })
      .png()
      .toBuffer();
    const folder = await temporaryFolder({
      "images/1.jpg": "",
      "images/2.jpg": "",
      "voc/1.png": palettePng([
        [0, 0, 0],
        [128, 0, 0],
        [0, 128, 0],
        [128, 128, 0],
      ]),
      "plain/2.png": plain,
    });
    const ignored = async (masks: string, no: number) => {
      const folderOf = (name: string) => join(folder, name);
      const sources = { folder: folderOf("images"), evidence: folderOf(masks), probe };
      return (await readDataset(sources)).items[no]?.evidence;
    };
    expect(await ignored("voc", 0)).toMatchObject({ kind: "mask-file", ignore: [255] });
    expect(await ignored("plain", 1)).toMatchObject({ kind: "mask-file", ignore: [] });
  });

  it("inside the dataset's folder are not listed as images", async () => {
    const folder = await temporaryFolder({
      "cat/1.jpg": "",
      "dog/2.jpg": "",
      "marks/1.png": "",
      "marks/2.png": "",
    });
    const dataset = await readDataset({ folder, evidence: join(folder, "marks"), probe });
    expect(dataset.items.map((item) => [item.path, item.label, item.evidence?.kind])).toEqual([
      ["cat/1.jpg", "cat", "mask-file"],
      ["dog/2.jpg", "dog", "mask-file"],
    ]);
  });

  it("of a class called masks stay images", async () => {
    const folder = await temporaryFolder({ "masks/1.jpg": "", "faces/1.jpg": "" });
    const dataset = await readDataset({ folder, probe });
    expect(dataset.items.map((item) => item.label)).toEqual(["faces", "masks"]);
  });
});

/** The head of a palette PNG, as far as its palette: nothing here decodes it. */
function palettePng(colours: readonly number[][]): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(kind), data, Buffer.alloc(4)]);
  };
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(colours.flat())),
  ]);
}
