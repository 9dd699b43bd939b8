import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDataset } from "./read-dataset.ts";

const demo = join(import.meta.dirname, "../../assets/demo");
const noProbe = () => Promise.reject(new Error("the demo needs no size"));

describe("the demo set", () => {
  it("gives 240 labelled images with evidence, classes in the file's order", async () => {
    const dataset = await readDataset({
      folder: join(demo, "images"),
      labels: join(demo, "labels.csv"),
      classes: join(demo, "classes.txt"),
      evidence: join(demo, "evidence.csv"),
      outputs: 4,
      probe: noProbe,
    });
    expect(dataset.items).toHaveLength(240);
    expect(dataset.classes).toEqual(["normal", "consolidation", "pneumothorax", "nodule"]);
    const perClass = [0, 1, 2, 3].map(
      (no) => dataset.items.filter((item) => item.classNo === no).length,
    );
    expect(perClass).toEqual([60, 60, 60, 60]);
    expect(dataset.items.every((item) => item.evidence?.kind === "mask-file")).toBe(true);
    expect(dataset.items[0]).toMatchObject({
      no: 0,
      path: "consolidation/0001.jpg",
      label: "consolidation",
      group: "P001",
      facets: { site: "south", unit: "mobile" },
      evidence: { path: join(demo, "masks/finding/0001.png"), ignore: [] },
    });
    expect(dataset.columns.map(({ use }) => use)).toEqual([
      "file",
      "label",
      "group",
      "facet",
      "facet",
    ]);
    expect([dataset.unmatchedRows, dataset.unmatchedFiles]).toEqual([[], []]);
  });
});
