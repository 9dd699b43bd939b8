import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../test/support/fixtures.ts";
import type { Dataset } from "./dataset.ts";
import { readDataset } from "./read-dataset.ts";

interface Case {
  readonly folder: string;
  readonly labelFile?: string;
  readonly evidenceFile?: string;
  readonly error?: string;
  readonly names?: string;
  readonly items?: number;
  readonly labels?: Record<string, number>;
  readonly several?: Record<string, number>;
  readonly unlabelled?: number;
  readonly classes?: string[];
  readonly splits?: Record<string, number>;
  readonly unmatchedFiles?: number;
  readonly withEvidence?: number;
  readonly shapes?: number;
  readonly runLengths?: number;
  readonly masks?: number;
}
const corpusFile = join(import.meta.dirname, "../../test/corpus/datasets.json");
const corpus = JSON.parse(readFileSync(corpusFile, "utf8")) as { cases: Case[] }; // sound: ours

const annotated = (path: string | undefined) => (path ? fixture(join("annotated", path)) : null);
const probe = async (path: string) => (await sharp(path).metadata()).autoOrient;

function read({ folder, labelFile, evidenceFile }: Case): Promise<Dataset> {
  return readDataset({
    folder: fixture(join("annotated", folder)),
    labels: annotated(labelFile),
    evidence: annotated(evidenceFile),
    probe,
  });
}

function tally(words: readonly (string | null)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) if (word !== null) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describe.skipIf(!fixturesFolder)("annotated fixtures", () => {
  for (const one of corpus.cases) {
    const from = one.labelFile ? ` with ${one.labelFile}` : "";
    const and = one.evidenceFile ? ` and evidence ${one.evidenceFile}` : "";
    if (one.error !== undefined) {
      it(`${one.folder}${from}${and} is refused: ${one.error}`, async () => {
        const refused = await read(one).catch((error: unknown) => error);
        expect(refused).toMatchObject({ code: one.error });
        expect(String(refused)).toContain(one.names);
      });
      continue;
    }
    it(`${one.folder}${from}${and} gives ${one.items} images as counted by hand`, async () => {
      const { items, classes, unmatchedFiles, unmatchedRows } = await read(one);
      expect(items).toHaveLength(one.items ?? NaN);
      expect(items.map((item) => item.no)).toEqual(items.map((_, no) => no));
      expect(tally(items.map((item) => item.label))).toEqual(one.labels);
      const several = items.map((item) => item.labels?.toSorted().join(" ") ?? null);
      expect(tally(several)).toEqual(one.several ?? {});
      const unlabelled = items.filter((item) => item.label === null && !item.labels);
      expect(unlabelled).toHaveLength(one.unlabelled ?? 0);
      if (one.classes) expect(classes).toEqual(one.classes);
      expect(tally(items.map((item) => item.split))).toEqual(one.splits ?? {});
      expect(unmatchedFiles).toHaveLength(one.unmatchedFiles ?? 0);
      expect(unmatchedRows.filter((row) => row.source === "labels")).toEqual([]);
      const evidence = items.flatMap((item) => item.evidence ?? []);
      expect(evidence).toHaveLength(one.withEvidence ?? 0);
      const shapes = evidence.flatMap((own) => (own.kind === "shapes" ? own.shapes : []));
      expect(shapes).toHaveLength(one.shapes ?? 0);
      expect(evidence.filter((own) => own.kind === "rle")).toHaveLength(one.runLengths ?? 0);
      expect(evidence.filter((own) => own.kind === "mask-file")).toHaveLength(one.masks ?? 0);
    });
  }

  it("finds the same boxes in voc8 whichever format they are read from", async () => {
    const sources = [
      "voc8/coco/instances.json",
      "voc8/pascalvoc",
      "voc8/yolo",
      "voc8/cvat/annotations.xml",
    ];
    const boxes = await Promise.all(
      sources.map(async (labelFile) => {
        const { items } = await read({ folder: "voc8/images", labelFile });
        return items.map((item) => cornersOf(item.evidence));
      }),
    );
    const [coco, voc, yolo, cvat] = boxes;
    // The sources differ by one pixel (VOC counts from 1), which is at most 1/332 here.
    for (const [no, expected] of (coco ?? []).entries()) {
      for (const [at, corner] of expected.entries()) {
        expect(Math.abs((voc?.[no]?.[at] ?? NaN) - corner)).toBeLessThan(1.01 / 332);
        expect(Math.abs((cvat?.[no]?.[at] ?? NaN) - corner)).toBeLessThan(1.01 / 332);
        expect(Math.abs((yolo?.[no]?.[at] ?? NaN) - corner)).toBeLessThan(1.01 / 332);
      }
    }
  });
});

/** Left, top, right, bottom of every shape, shapes sorted by them. */
function cornersOf(evidence: Dataset["items"][number]["evidence"]): number[] {
  if (evidence?.kind !== "shapes") throw new Error("no shapes");
  const corners = evidence.shapes.map((shape) => {
    if (shape.kind === "rect") return [shape.x, shape.y, shape.x + shape.w, shape.y + shape.h];
    const ring = shape.rings[0] ?? [];
    const xs = ring.filter((_, at) => at % 2 === 0);
    const ys = ring.filter((_, at) => at % 2 === 1);
    return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  });
  return corners.sort((a, b) => areaOf(b) - areaOf(a)).flat();
}

const areaOf = ([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: number[]) => (x1 - x0) * (y1 - y0);
