import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditId, RegionId } from "../../../shared/domain/ids.ts";
import { writeDemoDicom, type DemoDicom } from "../../../test/support/demo-dicom.ts";
import { hasReader, verdictOf } from "../../../test/support/outside-readers.ts";
import { command } from "../../../test/support/sample-audit.ts";
import {
  createDemoAudit,
  createTestApp,
  jobEnd,
  smallDemo,
  startDemoRun,
  type TestApp,
} from "../../../test/support/test-app.ts";
import { openDicom, openDicomImage } from "../../dicom/file.ts";
import { keyObjectsClass } from "../../reports/dicom/key-objects.ts";
import { parametricMapClass } from "../../reports/dicom/parametric-map.ts";
import { segmentationClass } from "../../reports/dicom/segmentation.ts";
import { structuredReportClass } from "../../reports/dicom/structured-report.ts";

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.remove());

interface Listing {
  readonly objects: {
    readonly file: string;
    readonly sopClass: string;
    readonly items: number[];
  }[];
  readonly leftOut: number[];
}

/** A named person says of these pictures that no name is in them: nothing leaves before. */
async function confirm(auditId: AuditId, items: readonly number[]): Promise<void> {
  const { id: readerId } = await app.client.library.setMe({ name: "Ann", initials: "A" });
  await app.client.audits.apply({
    auditId,
    command: command(
      { kind: "identity.confirm", items: [...items] },
      { readerId, id: crypto.randomUUID() },
    ),
  });
}

async function exported(auditId: AuditId, name: string): Promise<[string, Listing]> {
  const out = join(app.folder, name);
  const choice = { auditId, items: null, keepNames: false, formats: ["dicom" as const] };
  const { jobId } = await app.client.exports.start({
    ...choice,
    out: await app.places.idFor(out),
    identity: "mask",
    existing: "replace",
    deidentifiedSources: true,
  });
  expect(await jobEnd(app, auditId, jobId)).toMatchObject({ state: "done" });
  const folder = join(out, "dicom");
  return [folder, JSON.parse(readFileSync(join(folder, "dicom.json"), "utf8")) as Listing];
}

describe("an audit of DICOM files", () => {
  let demo: DemoDicom;
  let folder: string;
  let listing: Listing;

  beforeAll(async () => {
    demo = await writeDemoDicom(join(app.folder, "disc"));
    const images = join(app.folder, "some");
    for (const { path } of demo.items.slice(0, 6))
      cpSync(join(demo.images, path), join(images, path), { recursive: true });
    const auditId = await createDemoAudit(app, images, "clinic");
    const { jobId } = await startDemoRun(app, auditId);
    if (jobId) await jobEnd(app, auditId, jobId);
    const { id: readerId } = await app.client.library.setMe({ name: "Ann", initials: "A" });
    const give = (body: Parameters<typeof command>[0]) =>
      app.client.audits.apply({
        auditId,
        command: command(body, { readerId, id: crypto.randomUUID() }),
      });
    const shape = { kind: "rect", x: 0.125, y: 0.25, w: 0.5, h: 0.25 } as const;
    const region = "region-0" as RegionId;
    await give({ kind: "region.add", region, item: 0, regionKind: "shortcut", shape, note: "" });
    const verdict = { kind: "verdict.set", run: null, view: null } as const;
    await give({ ...verdict, items: [0], verdict: "spurious", reasons: ["marker"] });
    await give({ kind: "fault.set", item: 1, fault: "wrong-label" });
    await confirm(auditId, [0, 1, 2, 3, 4, 5]);
    [folder, listing] = await exported(auditId, "clinic-out");
  }, 60_000);

  const of = (sopClass: string) => listing.objects.filter((one) => one.sopClass === sopClass);

  const sourceIn = (file: string) =>
    openDicom(readFileSync(join(folder, file)), file)
      .dataSet.item(0x00081115)
      ?.item(0x0008114a)
      ?.text(0x00081155);

  it("has a map for each item, regions where drawn, a report for each study, key images by reason", () => {
    expect(listing.leftOut).toEqual([]);
    expect(of(parametricMapClass).map(({ items }) => items)).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => [n]),
    );
    expect(of(segmentationClass).map(({ items }) => items)).toEqual([[0]]);
    expect(
      of(structuredReportClass)
        .flatMap(({ items }) => items)
        .toSorted(),
    ).toEqual([0, 1, 2, 3, 4, 5]);
    expect(
      of(keyObjectsClass)
        .flatMap(({ items }) => items)
        .toSorted(),
    ).toEqual([0, 1]);
  });

  it("holds no planted name and none of the source's identifiers", () => {
    const uids = demo.items.map(({ instanceUid }) => instanceUid);
    for (const file of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, file));
      const opened = file.endsWith(".dcm") ? openDicom(bytes, file).dataSet.reading.bytes : bytes;
      const text = Buffer.from(opened).toString("latin1");
      for (const word of [...demo.planted, ...uids]) {
        const isIn = new RegExp(`${word.replaceAll(".", "\\.")}(?![\\d])`).test(text);
        expect(isIn ? `${file}: ${word}` : null).toBeNull();
      }
    }
  });

  it("encloses each source without names, under the identifier that objects refer to", async () => {
    const copies = readdirSync(folder).filter((name) => name.startsWith("source-"));
    expect(copies).toHaveLength(6);
    const [map] = of(parametricMapClass);
    const copy = openDicomImage(readFileSync(join(folder, `source-${map.items[0]}.dcm`)), "copy");
    expect(copy.dataSet.text(0x00080018)).toBe(sourceIn(map.file));
    expect(copy.dataSet.text(0x0020000d)).toBe(
      openDicom(readFileSync(join(folder, map.file)), "map").dataSet.text(0x0020000d),
    );
    const original = openDicomImage(
      readFileSync(join(demo.images, demo.items[0].path)),
      "original",
    );
    expect(copy.layout).toEqual(original.layout);
    expect((await copy.frame(0)).values).toEqual((await original.frame(0)).values);
  });

  it("refers to one instance from every object of an item", () => {
    const [map] = of(parametricMapClass);
    const [regions] = of(segmentationClass);
    expect(sourceIn(map.file)).toMatch(/^2\.25\.\d{30,39}$/);
    expect(sourceIn(regions.file)).toBe(sourceIn(map.file));
  });

  it.skipIf(!hasReader("dciodvfy") || !hasReader("dcmdump"))("has no error by dciodvfy", () => {
    for (const { file, sopClass } of listing.objects) {
      const { errors } = verdictOf(join(folder, file), sopClass === parametricMapClass);
      expect({ file, errors }).toEqual({ file, errors: [] });
    }
  });
});

it("names photographs as left out: they have no study", async () => {
  const auditId = await createDemoAudit(app, smallDemo(app.folder, 1), "photographs");
  await confirm(auditId, [0, 1, 2, 3]);
  const [, { objects, leftOut }] = await exported(auditId, "photographs-out");
  expect(objects).toEqual([]);
  expect(leftOut).toEqual([0, 1, 2, 3]);
  const losses = await app.client.exports.formats({ auditId, items: null, keepNames: true });
  expect(losses.find(({ format }) => format === "dicom")?.losses.join()).toMatch(
    /4 items are no DICOM/,
  );
});
