import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Overrides } from "../../shared/contract/intake.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../shared/domain/job.ts";
import { start, type Hansight, type StartOptions } from "../../src-main/start.ts";

export const demoFolder = join(import.meta.dirname, "../../assets/demo");

/** The real backend with a home folder of its own, called in process. */
export interface TestApp extends Hansight {
  readonly folder: string;
  /** Closes and removes everything. */
  remove(): Promise<void>;
}

export async function createTestApp(options: StartOptions = {}): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), "hansight-test-"));
  process.env["HANSIGHT_HOME"] = join(folder, "home");
  const hansight = await start(options);
  return {
    ...hansight,
    folder,
    remove: async () => {
      await hansight.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const noOverrides: Overrides = {
  preset: null,
  geometry: null,
  resample: null,
  preparationFile: null,
  method: null,
  tap: null,
  target: null,
  seed: null,
};

/** Copies the first `perClass` demo images of each class, so that a test is quick; labels come from folder names. */
export function smallDemo(folder: string, perClass: number): string {
  const images = join(folder, "images");
  for (const name of readdirSync(join(demoFolder, "images"))) {
    mkdirSync(join(images, name), { recursive: true });
    const files = readdirSync(join(demoFolder, "images", name))
      .toSorted()
      .slice(0, perClass);
    for (const file of files)
      cpSync(join(demoFolder, "images", name, file), join(images, name, file));
  }
  return images;
}

/** An audit of `images` with the demo model. */
export async function createDemoAudit(
  app: TestApp,
  images: string,
  name = "test",
  evidence: string | null = null,
): Promise<AuditId> {
  const place = (path: string) => app.places.idFor(path);
  const { auditId } = await app.client.intake.create({
    name,
    into: await place(app.folder),
    sources: {
      images: await place(images),
      labels: null,
      classes: await place(join(demoFolder, "classes.txt")),
      evidence: evidence === null ? null : await place(evidence),
      model: await place(join(demoFolder, "chest-resnet.onnx")),
    },
    overrides: { ...noOverrides, preset: "grey-imagenet", resample: "area" },
    purpose: "",
  });
  return auditId;
}

/** Starts the default run of the audit's model. */
export async function startDemoRun({ client }: Hansight, auditId: AuditId, again = false) {
  const { models } = await client.audits.get({ auditId });
  return client.runs.create({
    auditId,
    modelId: models[0].id,
    method: null,
    tap: null,
    target: { kind: "predicted" },
    secondMethod: null,
    seed: 1,
    items: null,
    again,
    sheet: false,
  });
}

/** Follows a job to its end. */
export async function jobEnd(
  { client }: Hansight,
  auditId: AuditId,
  jobId: Job["id"],
): Promise<Job> {
  for await (const jobs of await client.runs.watch({ auditId })) {
    const job = jobs.find(({ id }) => id === jobId);
    if (job && isEnded(job.state)) return job;
  }
  throw new Error("the events ended before the job");
}
