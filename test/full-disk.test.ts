import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import {
  createTestApp,
  demoFolder,
  jobEnd,
  noOverrides,
  smallDemo,
  startDemoRun,
} from "./support/test-app.ts";

/** A disk of 4 MB; null where this machine does not let us make one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "hansight-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
  if (mounted.status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

const disk = smallDisk();
afterAll(() => {
  if (!disk) return;
  spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true, force: true });
});

it.skipIf(!disk)(
  "pauses a run when the disk is full, keeps what was saved, and goes on when there is space",
  async () => {
    if (!disk) return;
    const app = await createTestApp();
    const { client, places } = app;
    const images = smallDemo(app.folder, 12);
    const { auditId } = await client.intake.create({
      name: "full",
      into: await places.idFor(disk),
      sources: {
        images: await places.idFor(images),
        labels: null,
        classes: await places.idFor(join(demoFolder, "classes.txt")),
        evidence: null,
        model: await places.idFor(join(demoFolder, "chest-resnet.onnx")),
      },
      overrides: { ...noOverrides, preset: "grey-imagenet", resample: "area" },
      purpose: "",
    });
    const before = await client.audits.get({ auditId });
    const filler = join(disk, "filler");
    mkdirSync(filler);
    const { jobId } = await startDemoRun(app, auditId);
    if (!jobId) throw new Error("the run was not started");
    fill(filler, disk);

    let cause: string | undefined;
    for await (const jobs of await client.runs.watch({ auditId })) {
      const job = jobs.find(({ id }) => id === jobId);
      if (job?.state !== "paused") continue;
      cause = job.cause?.code;
      break;
    }
    expect(cause).toBe("storage/full");
    expect((await client.audits.get({ auditId })).items).toBe(before.items);

    rmSync(filler, { recursive: true });
    await client.runs.resume({ auditId, jobId });
    expect(await jobEnd(app, auditId, jobId)).toMatchObject({
      state: "done",
      tried: 48,
      failed: 0,
    });
    await app.remove();
  },
  120_000,
);

/** Takes all but a few kilobytes, again and again until nothing is left. */
function fill(folder: string, on: string): void {
  for (let i = 0; ; i++) {
    const { bavail, bsize } = statfsSync(on);
    const free = bavail * bsize;
    if (free === 0) return;
    try {
      writeFileSync(join(folder, String(i)), Buffer.alloc(free));
    } catch {
      return;
    }
  }
}
