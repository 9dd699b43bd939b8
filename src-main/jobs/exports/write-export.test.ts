import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { exportFormats, type ExportFormat } from "../../../shared/domain/export-format.ts";
import type { AuditId, RegionId } from "../../../shared/domain/ids.ts";
import type { RegionKind, Shape } from "../../../shared/domain/review.ts";
import { command } from "../../../test/support/sample-audit.ts";
import {
  createDemoAudit,
  createTestApp,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "../../../test/support/test-app.ts";
import type { Mark } from "../../datasets/annotations.ts";
import { indexFiles } from "../../datasets/matching.ts";
import { openSource, readSource } from "../../datasets/source.ts";

const box: Shape = { kind: "rect", x: 0.125, y: 0.25, w: 0.5, h: 0.25 };
const ellipse: Shape = { kind: "ellipse", x: 0.5, y: 0.5, w: 0.25, h: 0.25 };
const outline: Shape = { kind: "polygon", rings: [[0.1, 0.1, 0.6, 0.1, 0.1, 0.7]] };
const drawn: readonly (readonly [RegionKind, Shape])[] = [
  ["shortcut", box],
  ["evidence", ellipse],
  ["ignore", outline],
];

describe("an audit exported", () => {
  let app: TestApp;
  let auditId: AuditId;
  let folder: string;
  let paths: string[];

  beforeAll(async () => {
    app = await createTestApp();
    const images = smallDemo(app.folder, 1);
    auditId = await createDemoAudit(app, images);
    const { jobId } = await startDemoRun(app, auditId);
    if (jobId) await jobEnd(app, auditId, jobId);
    const { id: readerId } = await app.client.library.setMe({ name: "Ann", initials: "A" });
    const give = (body: Parameters<typeof command>[0]) =>
      app.client.audits.apply({
        auditId,
        command: command(body, { readerId, id: crypto.randomUUID() }),
      });
    for (const [i, [regionKind, shape]] of drawn.entries())
      await give({
        kind: "region.add",
        region: `region-${i}` as RegionId,
        item: i,
        regionKind,
        shape,
        note: "",
      });
    await give({ kind: "fault.set", item: 3, fault: "duplicate" });
    const rows = await app.client.audits.rows({ auditId, run: null, items: [0, 1, 2, 3] });
    paths = rows.map(({ path }) => path);
    folder = join(app.folder, "out");
    await write([...exportFormats], true);
  }, 60_000);
  afterAll(() => app.remove());

  const write = async (formats: ExportFormat[], keepNames: boolean, out = folder) => {
    const { jobId } = await app.client.exports.start({
      auditId,
      items: null,
      keepNames,
      formats,
      out: await app.places.idFor(out),
      identity: "mask",
      existing: "replace",
    });
    return jobEnd(app, auditId, jobId);
  };

  /** What our own reader finds in an export, by the item it found it for. */
  const readBack = async (format: string): Promise<Map<number, readonly Mark[]>> => {
    const index = await indexFiles(paths, app.folder);
    const source = await openSource(join(folder, format), "evidence");
    const context = {
      index,
      imagePaths: paths,
      needs: "evidence" as const,
      choice: {},
      signal: undefined,
    };
    const found = new Map<number, readonly Mark[]>();
    for (const { file, marks } of (await readSource(source, context)).rows) {
      const match = index.find(file);
      if (match.kind === "one" && marks?.kind === "drawn") found.set(match.at, marks.marks);
    }
    return found;
  };
  const size = async (item: number) => {
    const [row] = await app.client.audits.rows({ auditId, run: null, items: [item] });
    return row;
  };

  it("is a folder for each format, and no half of one", () => {
    expect(readdirSync(folder).toSorted()).toEqual([...exportFormats].toSorted());
    expect(readdirSync(join(folder, "csv")).length).toBeGreaterThanOrEqual(9);
    expect(readdirSync(join(folder, "maps"), { recursive: true })).toContain("maps.json");
  });

  it("stands in the record by its bytes, without names", async () => {
    const [written] = await app.client.exports.list({ auditId });
    expect(written.formats.map(({ format }) => format)).toEqual([...exportFormats]);
    expect(written).toMatchObject({ items: 4 });
    const entries = await app.client.audits.record({ auditId, from: 1, limit: 1000 });
    const entry = entries.find(({ action }) => action === "export.write");
    expect(JSON.stringify(entry)).not.toContain(".jpg");
  });

  it("gives COCO's regions back to our own reader within a thousandth of a pixel", async () => {
    const found = await readBack("coco");
    const image = (
      JSON.parse(readFileSync(join(folder, "coco/annotations.json"), "utf8")) as {
        images: { width: number; height: number }[];
      }
    ).images[0];
    const [first] = found.get(0) ?? [];
    expect(first).toMatchObject({ label: "shortcut", drawn: { kind: "rect" } });
    const rect = first.drawn as { x: number; w: number }; // as asserted above
    expect(rect.x / image.width).toBeCloseTo(0.125, 4);
    expect(rect.w / image.width).toBeCloseTo(0.5, 4);
    expect(found.get(1)?.[0]).toMatchObject({ label: "evidence", drawn: { kind: "polygon" } });
    expect(found.get(2)?.[0]).toMatchObject({ label: "ignore", drawn: { kind: "polygon" } });
  });

  it("gives YOLO's boxes and outlines back exactly, an ellipse as its box", async () => {
    const found = await readBack("yolo");
    expect(found.get(0)).toEqual([{ label: "shortcut", drawn: box }]);
    expect(found.get(1)).toEqual([{ label: "evidence", drawn: { ...ellipse, kind: "rect" } }]);
    expect(found.get(2)).toEqual([{ label: "ignore", drawn: outline }]);
  });

  it("gives VOC's boxes back grown by less than a pixel", async () => {
    const found = await readBack("voc");
    expect([...found.keys()].toSorted()).toEqual([0, 1, 2]);
    expect((await size(0)).path).toBe(paths[0]);
    const [mark] = found.get(0) ?? [];
    const { images } = JSON.parse(readFileSync(join(folder, "coco/annotations.json"), "utf8")) as {
      images: { width: number; height: number }[];
    };
    const rect = mark.drawn as { x: number; y: number; w: number; h: number }; // VOC holds boxes alone
    const grownLeft = box.kind === "rect" ? box.x * images[0].width - rect.x : NaN;
    const grownRight = rect.x + rect.w - 0.625 * images[0].width;
    for (const grown of [grownLeft, grownRight]) {
      expect(grown).toBeGreaterThanOrEqual(0);
      expect(grown).toBeLessThan(1);
    }
  });

  it("lists every item once", () => {
    const names = (list: string) =>
      readFileSync(join(folder, `lists/${list}.txt`), "utf8")
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"));
    expect(names("exclude")).toEqual([paths[3]]);
    expect(names("relabel")).toEqual([]);
    expect(names("keep")).toEqual(paths.slice(0, 3));
  });

  it("has no file's name in it unless names are kept", async () => {
    const plain = join(app.folder, "plain");
    expect((await write([...exportFormats], false, plain)).state).toBe("done");
    const names = paths.map((path) => path.slice(path.lastIndexOf("/") + 1));
    for (const file of readdirSync(plain, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const text = readFileSync(join(file.parentPath, file.name), "latin1");
      for (const name of names) expect(`${file.name} ${text}`.includes(name)).toBe(false);
    }
  });

  it("never writes over what is there unless asked", async () => {
    const again = app.client.exports.start({
      auditId,
      items: null,
      keepNames: true,
      formats: ["lists"],
      out: await app.places.idFor(folder),
      identity: "mask",
      existing: "refuse",
    });
    await expect(again).rejects.toMatchObject({ code: "export/exists" });
  });

  it("says before what a choice of items and formats loses", async () => {
    const losses = await app.client.exports.formats({ auditId, items: [1], keepNames: true });
    const of = (format: ExportFormat) => losses.find((one) => one.format === format)?.losses;
    expect(of("yolo")).toEqual(["YOLO cannot hold ellipses: 1 becomes a box"]);
    expect(of("csv")).toEqual(["CSV always holds the whole audit, not a choice of items"]);
    expect(of("maps")).toEqual([]);
  });

  it("leaves the audit and the last export as they were where the disk is full", async ({
    skip,
  }) => {
    const disk = join(app.folder, "disk");
    mkdirSync(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      return skip("needs a user who may mount a disk in memory");
    }
    onTestFinished(() => void execFileSync("umount", ["-l", disk]));
    expect((await write(["lists"], true, disk)).state).toBe("done");
    const before = readFileSync(join(disk, "lists/keep.txt"), "utf8");
    const { length } = await app.client.exports.list({ auditId });
    writeFileSync(join(disk, "filler"), Buffer.alloc(36 * 1024));
    const job = await write(["lists", "csv"], true, disk);
    expect(job).toMatchObject({ state: "failed", cause: { code: "storage/full" } });
    expect(readdirSync(disk).toSorted()).toEqual(["filler", "lists"]);
    expect(readFileSync(join(disk, "lists/keep.txt"), "utf8")).toBe(before);
    expect(await app.client.exports.list({ auditId })).toHaveLength(length);
    expect(existsSync(join(disk, "csv"))).toBe(false);
  });
});
