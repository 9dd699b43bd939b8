import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesPaths } from "../../shared/contract/bytes.ts";
import { referenceIds, type BenchEvent } from "../../shared/domain/bench.ts";
import { parseGraph } from "../engine/onnx/text.ts";
import { writeGraph } from "../engine/onnx/wire.ts";
import {
  createDemoAudit,
  createTestApp,
  demoFolder,
  jobEnd,
  noOverrides,
  smallDemo,
  type TestApp,
} from "../../test/support/test-app.ts";

let app: TestApp;
let images: string;

beforeAll(async () => {
  app = await createTestApp();
  images = smallDemo(app.folder, 2);
});
afterAll(() => app.remove());

async function all(events: AsyncIterable<BenchEvent>): Promise<BenchEvent[]> {
  const found: BenchEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

/** A box in the lower left corner of every picture: where a marker may lie. */
function corners(): string {
  const file = join(app.folder, "corner.csv");
  const rows = ["consolidation", "nodule", "normal", "pneumothorax"].flatMap((label) =>
    ["0001", "0004"].map((name) => `${label}/${name}.jpg,0,290,60,30`),
  );
  writeFileSync(file, ["file,x,y,w,h", ...rows].join("\n"));
  return file;
}

describe("a bench of a folder", () => {
  it("streams each image, then the result with its sentence", async () => {
    const place = (path: string) => app.places.idFor(path);
    const events = await all(
      await app.client.bench.folder({
        sources: {
          images: await place(images),
          labels: null,
          classes: await place(join(demoFolder, "classes.txt")),
          evidence: await place(join(demoFolder, "evidence.csv")),
          model: await place(join(demoFolder, "chest-resnet.onnx")),
        },
        overrides: { ...noOverrides, preset: "grey-imagenet", resample: "area" },
        methods: ["cam", "attention-rollout"],
        groups: ["localisation", "complexity", "shortcut"],
        sample: 4,
        shortcut: await place(corners()),
        sheets: "as-they-are",
      }),
    );
    const [started, ...rest] = events;
    const done = rest.at(-1);
    if (started.kind !== "started" || done?.kind !== "done") throw new Error("no start or end");
    expect(started.columns).toEqual(["cam", ...referenceIds]);
    expect(started.unsupported.map(({ method }) => method)).toEqual(["attention-rollout"]);
    expect(rest.filter(({ kind }) => kind === "item")).toHaveLength(4);
    const { result } = done;
    expect(result).toMatchObject({ images: 4, failed: 0 });
    const [cam] = result.columns;
    expect(cam).toMatchObject({ id: "cam", forwards: 1, images: 4, sheet: "not-made" });
    expect(cam.metrics.find(({ id }) => id === "energy_lift")?.n).toBeGreaterThan(0);
    expect(result.recommendation.score).toBe("energy_lift");
    expect(result.recommendation.sentence).not.toBe("");
    const lifts = result.columns.map(
      ({ metrics }) => metrics.find(({ id }) => id === "shortcut_lift")?.n ?? 0,
    );
    expect(new Set(lifts).size).toBe(1); // the same images for every column
  });

  it("keeps what it measured where no reliability sheet can be made", async () => {
    const weightless = parseGraph(`
      x: f32[N, 1, 5, 5]
      const s = f32[[[1]], [[-1]], [[2]], [[-2]], [[3]], [[-3]]]
      const starts = i64[0]
      const ends = i64[4]
      const axes = i64[1]
      a = Mul(x, s)
      b = Relu(a)
      p = GlobalAveragePool(b)
      f = Flatten(p)
      y = Slice(f, starts, ends, axes)
      return y
    `);
    const file = join(app.folder, "weightless.onnx");
    writeFileSync(file, writeGraph(weightless));
    const place = (path: string) => app.places.idFor(path);
    const events = await all(
      await app.client.bench.folder({
        sources: {
          images: await place(images),
          labels: null,
          classes: await place(join(demoFolder, "classes.txt")),
          evidence: null,
          model: await place(file),
        },
        overrides: { ...noOverrides, preset: "grey-unit" },
        methods: ["eigen-cam"],
        groups: ["complexity"],
        sample: 2,
        shortcut: null,
        sheets: "make",
      }),
    );
    expect(events.find(({ kind }) => kind === "sheet")).toMatchObject({
      ...{ method: "eigen-cam", verdict: "not-made", tried: 1, planned: 1 },
      error: { code: "sheet/no-weights" },
    });
    const done = events.at(-1);
    expect(done?.kind === "done" && done.result.columns[0]).toMatchObject({
      ...{ id: "eigen-cam", images: 2, sheet: "not-made" },
    });
  });
});

describe("a bench of an audit", () => {
  it("runs as a job, is told again to whoever comes later, and gives its maps as bytes", async () => {
    const auditId = await createDemoAudit(app, images, "bench");
    const [model] = (await app.client.audits.get({ auditId })).models;
    const asked = {
      auditId,
      modelId: model.id,
      tap: null,
      target: { kind: "predicted" },
      seed: 1,
    } as const;
    const { bench, jobId } = await app.client.bench.create({
      ...asked,
      items: [0, 3],
      methods: ["cam", "layercam"],
      groups: ["complexity"],
      sample: null,
      shortcut: null,
      sheets: "as-they-are",
    });
    expect((await jobEnd(app, auditId, jobId)).state).toBe("done");
    const events = await all(await app.client.bench.watch({ auditId, bench }));
    expect(events.map(({ kind }) => kind)).toEqual(["started", "item", "item", "done"]);
    expect(await app.client.bench.list({ auditId })).toEqual([{ bench, jobId }]);

    const path = bytesPaths.benchMap(bench, 3, "layercam");
    const answer = await app.app(new Request(`http://hansight.localhost${path}`));
    expect(answer.headers.get("x-shape")).toBe("10,10");
    const held = new Float32Array(await answer.arrayBuffer());
    expect(held).toHaveLength(100);

    const shown = await app.client.bench.maps({
      ...asked,
      item: 3,
      columns: ["edges", "layercam"],
    });
    expect(shown.item.panes.map(({ id }) => id)).toEqual(["edges", "layercam"]);
    expect(shown.rawP99[1]).toBeGreaterThan(0);
    const again = await app.app(
      new Request(`http://hansight.localhost${bytesPaths.benchMap(shown.bench, 3, "layercam")}`),
    );
    expect(new Float32Array(await again.arrayBuffer())).toEqual(held); // made anew, bit by bit
    await expect(
      app.client.bench.watch({ auditId, bench: "gone" }).then(all),
    ).rejects.toMatchObject({
      code: "bench/unknown",
    });
  });
});
