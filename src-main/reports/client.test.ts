import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { sampleReport } from "../../test/support/sample-report.ts";
import { ReportWorker } from "./client.ts";

const folder = mkdtempSync(join(tmpdir(), "hansight-worker-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker that does something else than reports. */
function entry(name: string, source: string): URL {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, source);
  return pathToFileURL(path);
}

const never = () => new AbortController().signal;

describe("the report worker", () => {
  it("builds in a thread what is built here", async () => {
    const worker = new ReportWorker();
    const built = await worker.build(sampleReport(), never());
    expect(built.files.map(({ name }) => name)).toContain("report.pdf");
    expect(built.pages.length).toBeGreaterThan(1);
    expect(built.files[0].bytes.byteLength).toBeGreaterThan(100);
  }, 30_000);

  it("stops at once when it is cancelled, and builds again after it", async () => {
    const endless = new ReportWorker(entry("endless", "setInterval(() => {}, 1000);"));
    const cancel = new AbortController();
    const building = endless.build(sampleReport(), cancel.signal);
    setTimeout(() => cancel.abort(new Error("cancelled")), 50);
    const began = performance.now();
    await expect(building).rejects.toThrow("cancelled");
    expect(performance.now() - began).toBeLessThan(5000);
    const aborted = AbortSignal.abort(new Error("too late"));
    expect(() => endless.build(sampleReport(), aborted)).toThrow("too late");
  });

  it("fails the build, and nothing else, when the thread crashes", async () => {
    const crashing = entry("crashing", "throw new Error('out of paper');");
    await expect(new ReportWorker(crashing).build(sampleReport(), never())).rejects.toThrow(
      "out of paper",
    );
    const leaving = entry("leaving", "process.exit(3);");
    await expect(new ReportWorker(leaving).build(sampleReport(), never())).rejects.toThrow(
      "ended with 3",
    );
  });

  it("passes on what the writers found wrong", async () => {
    const broken = { ...sampleReport(), items: null } as unknown as ReturnType<typeof sampleReport>; // as a defect would
    await expect(new ReportWorker().build(broken, never())).rejects.toThrow(/null/);
  }, 30_000);

  it("ends what is under way when it is closed", async () => {
    const worker = new ReportWorker(entry("waiting", "setInterval(() => {}, 1000);"));
    const building = worker.build(sampleReport(), never());
    setTimeout(() => worker.close(), 50);
    await expect(building).rejects.toThrow("ended");
  });
});
