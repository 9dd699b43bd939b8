import { describe, expect, it } from "vitest";
import type { FindingId, RegionId } from "../../../shared/domain/ids.ts";
import { regionKinds, type RegionKind, type Shape } from "../../../shared/domain/review.ts";
import type { AnnotatedItem, Exported } from "./annotated.ts";
import { cocoOf } from "./coco.ts";
import { listsOf } from "./lists.ts";
import { vocOf } from "./voc.ts";
import { yoloOf } from "./yolo.ts";

const box: Shape = { kind: "rect", x: 0.1, y: 0.25, w: 0.3, h: 0.5 };
const ellipse: Shape = { kind: "ellipse", x: 0.5, y: 0.5, w: 0.2, h: 0.25 };
const outline: Shape = { kind: "polygon", rings: [[0.1, 0.1, 0.5, 0.1, 0.1, 0.6]] };
const holed: Shape = {
  kind: "polygon",
  rings: [
    [0.2, 0.2, 0.8, 0.2, 0.8, 0.8, 0.2, 0.8],
    [0.4, 0.4, 0.6, 0.4, 0.6, 0.6, 0.4, 0.6],
  ],
};

function item(no: number, shapes: readonly (readonly [RegionKind, Shape])[]): AnnotatedItem {
  return {
    no,
    name: `ward ${no}/${no}.png`,
    width: 40,
    height: 20,
    label: "nodule",
    verdict: no === 0 ? "spurious" : null,
    reasons: no === 0 ? ["marker"] : [],
    findings: no === 0 ? ["finding-1" as FindingId] : [],
    regions: shapes.map(([kind, shape], i) => ({ id: `${no}-${i}` as RegionId, kind, shape })),
  };
}

const textOf = ({ files }: Exported, name: string) =>
  new TextDecoder().decode(files.find((file) => file.name === name)?.bytes);

describe("COCO", () => {
  const made = cocoOf([
    item(0, [
      ["shortcut", box],
      ["evidence", ellipse],
    ]),
    item(1, [["ignore", holed]]),
  ]);
  const coco = JSON.parse(textOf(made, "annotations.json")) as {
    images: object[];
    annotations: { segmentation: number[][] | object; area: number }[];
  };

  it("holds what was said of an item under its own key", () => {
    expect(coco.images[0]).toEqual({
      id: 0,
      file_name: "ward 0/0.png",
      width: 40,
      height: 20,
      hansight: {
        label: "nodule",
        verdict: "spurious",
        reasons: ["marker"],
        findings: ["finding-1"],
      },
    });
  });

  it("holds a box as it is, an ellipse by its corners and an outline with holes as run lengths", () => {
    const [first, second, third] = coco.annotations;
    // 0.1 · 40, 0.25 · 20, 0.3 · 40, 0.5 · 20
    expect(first).toMatchObject({
      category_id: 2,
      bbox: [4, 5, 12, 10],
      segmentation: [],
      area: 120,
    });
    expect(second).toMatchObject({ category_id: 1, bbox: [20, 10, 8, 5] });
    expect(second.area).toBeCloseTo(Math.PI * 4 * 2.5, 0);
    // 24 × 12 pixels less the 8 × 4 of the hole
    expect(third).toMatchObject({
      category_id: 3,
      area: 256,
      iscrowd: 1,
      segmentation: { size: [20, 40] },
    });
  });

  it("says what it loses", () => {
    expect(made.losses).toEqual([
      "COCO cannot hold ellipses: 1 becomes an outline of 64 corners",
      "COCO outlines cannot hold holes: 1 becomes run lengths of whole pixels",
    ]);
  });
});

describe("Pascal VOC", () => {
  it("counts pixels from 1 with both ends inside, and grows an edge to the whole pixel", () => {
    const uneven: Shape = { kind: "rect", x: 0.11, y: 0.26, w: 0.3, h: 0.5 }; // 4.4 … 16.4, 5.2 … 15.2
    const xml = textOf(
      vocOf([
        item(0, [
          ["shortcut", box],
          ["ignore", uneven],
        ]),
      ]),
      "Annotations/ward 0/0.xml",
    );
    expect(xml).toContain("<filename>ward 0/0.png</filename>");
    const numbers = [...xml.matchAll(/<(?:xmin|ymin|xmax|ymax)>(\d+)</g)].map(([, n]) => Number(n));
    expect(numbers).toEqual([5, 6, 16, 15, 5, 6, 17, 16]);
  });

  it("says what it loses", () => {
    const { losses } = vocOf([
      item(0, [
        ["shortcut", ellipse],
        ["evidence", outline],
      ]),
    ]);
    expect(losses).toEqual([
      "VOC cannot hold ellipses: 1 becomes a box",
      "VOC cannot hold outlines: 1 becomes a box",
      "VOC boxes are whole pixels: edges move outwards by less than one",
      "VOC has no place for verdicts: that of 1 item is left out",
    ]);
  });

  it("writes a name that is no file name as one that is, and two alike apart", () => {
    const named = (no: number, name: string) => ({ ...item(no, [["ignore", box]]), name });
    const { files } = vocOf([named(0, "../<x>.png"), named(1, "a/b.png"), named(2, "a/b.jpg")]);
    expect(files.map(({ name }) => name)).toEqual([
      "Annotations/_x_.xml",
      "Annotations/a/b.xml",
      "Annotations/a/b.jpg.xml",
    ]);
  });
});

describe("YOLO", () => {
  it("writes centre and size, and outlines alone where an item has one", () => {
    const made = yoloOf([
      item(0, [["shortcut", box]]),
      item(1, [
        ["evidence", outline],
        ["ignore", box],
      ]),
    ]);
    expect(textOf(made, "labels/ward 0/0.txt")).toBe("1 0.25 0.5 0.3 0.5\n");
    expect(textOf(made, "labels/ward 1/1.txt")).toBe(
      "0 0.1 0.1 0.5 0.1 0.1 0.6\n2 0.1 0.25 0.4 0.25 0.4 0.75 0.1 0.75\n",
    );
    expect(textOf(made, "data.yaml")).toContain(
      regionKinds.map((kind, i) => `  ${i}: ${kind}`).join("\n"),
    );
  });

  it("says what it loses", () => {
    expect(
      yoloOf([
        item(1, [
          ["evidence", ellipse],
          ["shortcut", holed],
        ]),
      ]).losses,
    ).toEqual([
      "YOLO cannot hold ellipses: 1 becomes a box",
      "YOLO cannot hold holes: 1 outline is filled",
    ]);
  });
});

describe("the lists", () => {
  it("hold every item once: exclude before relabel, and fixed findings advise nothing", () => {
    const listed = (name: string, changes: object) => ({
      name,
      isReadable: true,
      faults: [],
      findings: [],
      ...changes,
    });
    const removing = { state: "open", recommendations: ["remove"] } as const;
    const made = listsOf([
      listed("sound", {}),
      listed("twice", { faults: ["duplicate", "wrong-label"] }),
      listed("mislabelled", { faults: ["wrong-label"] }),
      listed("broken", { isReadable: false }),
      listed("found", { findings: [removing] }),
      listed("mended", { findings: [{ ...removing, state: "fixed" }] }),
      listed("advised", { findings: [{ state: "accepted", recommendations: ["relabel"] }] }),
    ]);
    const names = (list: string) =>
      textOf(made, `${list}.txt`)
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"));
    expect(names("keep")).toEqual(["sound", "mended"]);
    expect(names("exclude")).toEqual(["twice", "broken", "found"]);
    expect(names("relabel")).toEqual(["mislabelled", "advised"]);
  });
});
