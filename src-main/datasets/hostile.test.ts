import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { readDataset } from "./read-dataset.ts";

const probe = () => Promise.resolve({ width: 10, height: 10 });

async function readLabels(name: string, content: string | Uint8Array, more = {}) {
  const folder = await temporaryFolder({ "images/1.jpg": "", "images/2.jpg": "", ...more });
  const written = await temporaryFolder({ [name]: content });
  return readDataset({ folder: join(folder, "images"), labels: join(written, name), probe });
}

const coco = (parts: object) =>
  JSON.stringify({
    images: [{ id: 1, file_name: "1.jpg", width: 10, height: 10 }],
    categories: [{ id: 1, name: "cat" }],
    annotations: [],
    ...parts,
  });
const whole = coco({ annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 1, 2, 2] }] });
const deep = "[".repeat(200_000) + "]".repeat(200_000);
const entities = Array.from(
  { length: 9 },
  (_, no) => `<!ENTITY e${no + 1} "${`&e${no};`.repeat(10)}">`,
);
const voc = (inside: string) => `<annotation><filename>1.jpg</filename>${inside}</annotation>`;

describe("hostile label files are refused with a reason, never followed", () => {
  it.each([
    ["an empty table", "x.csv", "", "it is empty"],
    ["an unclosed quote", "x.csv", 'file,label\n"1.jpg,cat\n2.jpg,dog\n', "it is not a table"],
    ["a line of 2 MB", "x.csv", `file,label\n1.jpg,${"x".repeat(2 ** 21)}\n`, "it is not a table"],
    [
      "bytes that are no text",
      "x.csv",
      Buffer.from([1, 0, 2, 3, 0, 0, 0, 5, 0, 0]),
      "it is not text",
    ],
    ["an empty JSON file", "x.json", "", "it ends too early"],
    ["a cut JSON file", "x.json", whole.slice(0, -20), "it ends too early"],
    ["a JSON file cut in a string", "x.json", whole.slice(0, 30), "it ends too early"],
    ["a JSON list", "x.json", "[1, 2]", "it is no JSON object"],
    ["a bare word", "x.json", "null", "it is no JSON object"],
    ["another kind of JSON", "x.json", '{"a": 1}', "it has no list of images"],
    ["brackets that do not match", "x.json", '{"images": [}', "its brackets do not match"],
    ["something after the end", "x.json", whole + "{}", "something follows after its end"],
    ["an entry that is no JSON", "x.json", '{"images": [{"id": NaN}]}', 'entry 1 of "images"'],
    ["very deep brackets as a list", "x.json", `{"images": [${deep}]}`, "it names no categories"],
    ["very deep brackets elsewhere", "x.json", `{"info": ${deep}}`, "it has no list of images"],
    [
      "an entity bomb",
      "x.xml",
      `<!DOCTYPE a [<!ENTITY e0 "ha">${entities.join("")}]>${voc("<object><name>&e9;</name></object>")}`,
      "it declares a document type",
    ],
    [
      "an entity that names a file",
      "x.xml",
      `<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>${voc("<object><name>&f;</name></object>")}`,
      "it declares a document type",
    ],
    ["a cut XML file", "x.xml", voc("<object><name>cat</name>").slice(0, -20), "it is not XML"],
    ["XML of another kind", "x.xml", "<html><body/></html>", "it is no Pascal VOC annotation"],
    ["very deep XML", "x.xml", voc("<a>".repeat(5000) + "</a>".repeat(5000)), "it is not XML"],
    ["a YAML bomb", "x.yaml", yamlBomb(), "it is not YAML"],
    ["a YAML file without names", "x.yaml", "path: /etc\n", "its names are not numbered"],
  ])("%s", async (_, name, content, why) => {
    const refused = await readLabels(name, content).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "labels/unreadable" });
    expect(String(refused)).toContain(why);
  });

  it("a type nobody knows names the formats that are read", async () => {
    const refused = await readLabels("x.parquet", "PAR1").catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "labels/unknown-format" });
    expect(String(refused)).toContain("LabelMe, COCO, CVAT, Pascal VOC, YOLO, CSV");
  });
});

function yamlBomb(): string {
  const lines = Array.from({ length: 12 }, (_, no) => {
    const items = no === 0 ? '"x"' : `*a${no - 1}`;
    return `a${no}: &a${no} [${Array(10).fill(items).join(", ")}]`;
  });
  return [...lines, "names: *a11"].join("\n");
}

describe("hostile entries in a sound file", () => {
  it("ids of any kind are told apart, and none reaches a prototype", async () => {
    const ids = ["__proto__", "constructor", 1e308, -0.5, null, { a: 1 }, "", "7"];
    const dataset = await readLabels(
      "x.json",
      coco({
        images: ids.map((id, no) => ({ id, file_name: no === 7 ? "2.jpg" : `${no}-none.jpg` })),
        annotations: [
          ...ids.slice(0, 7).map((id) => ({ image_id: id, category_id: 1 })),
          { image_id: 7, category_id: 1 }, // as a number: the same id as the text "7"
        ],
      }),
    );
    expect(dataset.items.map((item) => item.label)).toEqual([null, "cat"]);
    expect(dataset.unmatchedRows).toHaveLength(7);
  });

  it("paths that climb out or start at the root match nothing", async () => {
    const dataset = await readLabels(
      "x.json",
      coco({
        images: ["../../1.jpg", "/etc/passwd", "..\\..\\1.jpg", "2.jpg"].map((file_name, id) => ({
          id,
          file_name,
        })),
        annotations: [0, 1, 2, 3].map((image_id) => ({ image_id, category_id: 1 })),
      }),
    );
    expect(dataset.items.map((item) => item.label)).toEqual([null, "cat"]);
    expect(dataset.unmatchedRows.map((row) => row.why)).toEqual(["outside", "absent", "outside"]);
  });

  it.each([
    ["a mask larger than memory", { counts: [1e12], size: [1e6, 1e6] }],
    ["a mask whose runs do not fill it", { counts: [3, 4], size: [10, 10] }],
    ["negative runs", { counts: [-5, 105], size: [10, 10] }],
    ["a string that is no run lengths", { counts: "~~~~", size: [10, 10] }],
    ["a mask without a size", { counts: [100] }],
    ["words for numbers", { counts: ["a"], size: ["b", "c"] }],
  ])("%s gives a label but no evidence", async (_, segmentation) => {
    const annotations = [{ image_id: 1, category_id: 1, segmentation }];
    const { items } = await readLabels("x.json", coco({ annotations }));
    expect(items[0]).toMatchObject({ label: "cat", evidence: null });
  });

  it.each([
    [[-50, -50, 10, 10]],
    [[5, 5, -3, 2]],
    [[1e308, 1e308, 1e308, 1e308]],
    [["1", 1, 1, 1]],
    [[1, 1]],
    [{}],
  ])("the box %j gives no evidence", async (bbox) => {
    const annotations = [{ image_id: 1, category_id: 1, bbox }];
    const { items } = await readLabels("x.json", coco({ annotations }));
    expect(items[0]).toMatchObject({ label: "cat", evidence: null });
  });

  it("a box over the edge is cut at the picture", async () => {
    const annotations = [{ image_id: 1, category_id: 1, bbox: [5, -5, 100, 10] }];
    const { items } = await readLabels("x.json", coco({ annotations }));
    expect(items[0]?.evidence).toEqual({
      kind: "shapes",
      shapes: [{ kind: "rect", x: 0.5, y: 0, w: 0.5, h: 0.5 }],
    });
  });

  it("YOLO lines that are none are counted, the others read", async () => {
    const folder = await temporaryFolder({
      "images/1.jpg": "",
      "labels/1.txt":
        "0 0.5 0.5 0.2 0.2\n0 nan 1 1 1\n1e9x 0 0 1 1\n-1 .5 .5 .1 .1\n0 0.5\n99 .5 .5 .2 .2\n",
      "labels/classes.txt": "cat\ndog\n",
    });
    const dataset = await readDataset({
      folder: join(folder, "images"),
      labels: join(folder, "labels"),
      probe,
    });
    expect(dataset.items[0]?.labels).toEqual(["cat", "99"]);
    expect(dataset.notes).toContain("4 lines are no YOLO objects and were passed over");
    expect(dataset.notes).toContain("1 object has a class number without a name");
  });

  it("a damaged XML file among sound ones is passed over and counted", async () => {
    const object = "<object><name>cat &amp; dog</name></object>";
    const folder = await temporaryFolder({
      "images/1.jpg": "",
      "images/2.jpg": "",
      "xml/1.xml": voc(object),
      "xml/2.xml": voc(object).slice(0, 40),
    });
    const dataset = await readDataset({
      folder: join(folder, "images"),
      labels: join(folder, "xml"),
      probe,
    });
    expect(dataset.items.map((item) => item.label)).toEqual(["cat & dog", null]);
    expect(dataset.notes).toContain("1 XML file is damaged and was passed over");
  });

  it("sources are read and never written", async () => {
    const { readdir, readFile, stat } = await import("node:fs/promises");
    const folder = await temporaryFolder({
      "images/1.jpg": "pixels",
      "labels.csv": "file,label\n1.jpg,x\n",
    });
    const look = async () => [
      await readdir(folder, { recursive: true }),
      await readFile(join(folder, "labels.csv"), "utf8"),
      (await stat(join(folder, "images"))).mtimeMs,
      (await stat(folder)).mtimeMs,
    ];
    const before = await look();
    await readDataset({
      folder: join(folder, "images"),
      labels: join(folder, "labels.csv"),
      probe,
    });
    expect(await look()).toEqual(before);
  });
});
