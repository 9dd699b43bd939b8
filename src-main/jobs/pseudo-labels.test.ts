import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Run } from "../../shared/contract/audits.ts";
import type { LabelChoice } from "../../shared/contract/runs.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { labelDefaults } from "../../shared/domain/pseudo-labels.ts";
import { decodeCounts, maskOfCounts } from "../../shared/geometry/rle.ts";
import { emptyConfusion, segmentationScores } from "../../shared/statistics/segmentation.ts";
import { forkNode, type ForkEngine } from "../engine/client.ts";
import { readPaletteIndices, readMaskFile } from "../engine/images/mask-file.ts";
import {
  createDemoAudit,
  createTestApp,
  demoFolder,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "../../test/support/test-app.ts";

const perClass = 2;
const count = 4 * perClass;
const choice: LabelChoice = {
  classes: "labels",
  backgroundClasses: ["normal"],
  ignoreBetween: null,
  refine: "none",
  ...labelDefaults,
};

/** `labels.json`, as far as these tests read it. */
interface Labels {
  readonly images: number;
  readonly views: { readonly n: number };
  readonly comparable: boolean;
  readonly coverage: Readonly<Record<string, number>>;
  readonly truth: {
    readonly images: number;
    readonly miou: number;
    readonly sweep: readonly { readonly threshold: number; readonly miou: number }[];
    readonly best: { readonly threshold: number; readonly miou: number };
  } | null;
}

/** An engine that counts the pictures it is given to label, and dies once, under the third. */
function dyingEngine(asked: number[]): ForkEngine {
  return (role, isAgain) => {
    const child = forkNode(role, isAgain);
    return {
      ...child,
      send: (call) => {
        if (call.name === "labelNext") {
          const { item } = call.input as { item: { no: number } }; // as the protocol says
          asked.push(item.no);
          if (asked.length === 3) {
            child.kill();
            return;
          }
        }
        child.send(call);
      },
    };
  };
}

describe("pseudo labels of a run", () => {
  const asked: number[] = [];
  let app: TestApp;
  let auditId: AuditId;
  let run: Run;
  beforeAll(async () => {
    app = await createTestApp({ fork: dyingEngine(asked) });
    const images = smallDemo(app.folder, perClass);
    const lines = readFileSync(join(demoFolder, "evidence.csv"), "utf8").trim().split("\n");
    const kept = new Set(
      readdirSync(images).flatMap((name) =>
        readdirSync(join(images, name)).map((file) => `${name}/${file}`),
      ),
    );
    const rows = lines.slice(1).filter((line) => kept.has(line.split(",")[0]));
    const evidence = join(app.folder, "evidence.csv");
    for (const row of rows) {
      const mask = row.split(",")[1];
      mkdirSync(dirname(join(app.folder, mask)), { recursive: true });
      cpSync(join(demoFolder, mask), join(app.folder, mask));
    }
    writeFileSync(evidence, [lines[0], ...rows].join("\n"));
    auditId = await createDemoAudit(app, images, "labels", evidence);
    const { jobId } = await startDemoRun(app, auditId);
    if (!jobId) throw new Error("the run was not started");
    await jobEnd(app, auditId, jobId);
    [run] = (await app.client.audits.get({ auditId })).runs;
  });
  afterAll(() => app.remove());

  async function make(name: string, changes: Partial<LabelChoice> = {}) {
    const out = join(app.folder, name);
    const { jobId } = await app.client.runs.labels({
      auditId,
      run: run.id,
      out: await app.places.idFor(out),
      existing: "refuse",
      choice: { ...choice, ...changes },
    });
    const job = await jobEnd(app, auditId, jobId);
    const read = (file: string): unknown => JSON.parse(readFileSync(join(out, file), "utf8"));
    return { out, job, read, labels: read("labels.json") as Labels }; // written by this product
  }

  it("are palette pictures whose numbers are classes, run lengths of the same pixels, and an honest mIoU", async () => {
    const { out, job, read, labels } = await make("plain");
    expect(job).toMatchObject({ kind: "labels", state: "done", tried: count, failed: 0 });
    // The picture under which the engine died was asked for twice.
    expect(asked).toEqual([0, 1, 2, 2, 3, 4, 5, 6, 7]);
    expect(labels).toMatchObject({ images: count, views: { n: 2 }, comparable: true });

    const coco = read("annotations.json") as {
      images: { id: number; file_name: string; width: number; height: number }[];
      annotations: {
        image_id: number;
        category_id: number;
        area: number;
        segmentation: { counts: string };
      }[];
    };
    const classes = readFileSync(join(out, "classes.txt"), "utf8").trim().split("\n");
    const matrix = emptyConfusion(classes.length + 1);
    for (const { id, file_name: name, width, height } of coco.images) {
      const file = join(out, name.replace(".jpg", ".png"));
      const indices = await readPaletteIndices(file, file);
      if (!indices) throw new Error("no palette picture");
      expect([indices.width, indices.height]).toEqual([width, height]);
      const value = classes.indexOf(name.split("/")[0]) + 1;
      const isNormal = name.startsWith("normal");
      for (const index of new Set(indices.data))
        expect(isNormal ? [0] : [0, value]).toContain(index);

      for (const one of coco.annotations.filter(({ image_id }) => image_id === id)) {
        const mask = maskOfCounts(decodeCounts(one.segmentation.counts) ?? [], width, height);
        expect(one.category_id).toBe(value);
        expect(one.area).toBe(mask?.data.filter((inside) => inside > 0).length);
        expect(mask?.data).toEqual(indices.data.map((index) => (index === value ? 255 : 0)));
      }
      // Truth by hand: the finding of the label, nothing in normal pictures.
      const drawn = isNormal
        ? null
        : await readMaskFile(
            join(demoFolder, "masks/finding", name.split("/")[1].replace(".jpg", ".png")),
          );
      indices.data.forEach((label, p) => {
        const truth = drawn?.data[p] ? value : 0;
        matrix[truth * (classes.length + 1) + label]++;
      });
    }
    const scores = segmentationScores(matrix);
    expect(labels.truth?.images).toBe(count);
    expect(labels.truth?.miou).toBeCloseTo(scores.miou, 10);
    // unrefined, so the sweep holds the very same point
    const at = labels.truth?.sweep.find(({ threshold }) => threshold === 0.2);
    expect(at?.miou).toBeCloseTo(scores.miou, 10);
    expect(labels.truth?.best.miou).toBeGreaterThanOrEqual(scores.miou);
  });

  it("are refined, left open between thresholds, and made of the model's answers, where that is asked for", async () => {
    const both = await make("both", { refine: "both", crfSide: 32 });
    expect(both.labels).toMatchObject({
      images: count,
      walk: { name: "random walk (no IRN)" },
      crf: { longerSide: 32 },
    });
    const open = await make("open", { ignoreBetween: [0.05, 0.5], classes: "predictions" });
    expect(open.labels.comparable).toBe(false);
    expect(open.labels.coverage["open"]).toBeGreaterThan(0.01);
  });

  it("are kept for the same settings: only their files are written again", async () => {
    const first = await make("again", { background: { kind: "power", value: 8 } });
    const out = await app.places.idFor(join(app.folder, "again"));
    const wish = {
      auditId,
      run: run.id,
      out,
      choice: { ...choice, background: { kind: "power", value: 8 } as const },
    };
    await expect(app.client.runs.labels({ ...wish, existing: "refuse" })).rejects.toMatchObject({
      code: "labels/folder-in-use",
    });
    const before = asked.length;
    const { jobId } = await app.client.runs.labels({ ...wish, existing: "replace" });
    expect(await jobEnd(app, auditId, jobId)).toMatchObject({ state: "done" });
    expect(asked).toHaveLength(before);
    const file = join(first.out, "labels.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(first.labels);
  });

  it("are refused by name for a class that the model lacks", async () => {
    const out = join(app.folder, "none");
    mkdirSync(out);
    const wish = {
      auditId,
      run: run.id,
      out: await app.places.idFor(out),
      existing: "refuse" as const,
    };
    await expect(
      app.client.runs.labels({ ...wish, choice: { ...choice, backgroundClasses: ["healthy"] } }),
    ).rejects.toMatchObject({ code: "run/no-such-label" });
  });
});
