import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import type { ReportOutline } from "../../shared/contract/reports.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../shared/domain/job.ts";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { ReportWorker } from "../reports/client.ts";
import { outlineOf } from "../reports/outline.ts";
import type { Engines } from "./create-audit.ts";
import type { JobControl } from "./job-queue.ts";
import type { OpenedAudit } from "./opened-audit.ts";
import { gatherReport } from "./gather-report.ts";

const exportsFolder = "exports";
const manifestName = "manifest.json";

/** A file of the exports folder itself: a manifest from elsewhere names nothing outside it. */
const fileNameSchema = z
  .string()
  .refine((name) => name === basename(name) && !name.startsWith("."));

const manifestSchema = z.strictObject({
  audit: z.string(),
  builtAt: z.string(),
  recordNo: z.int(),
  recordHash: z.string(),
  pages: z.int(),
  sections: z.array(z.strictObject({ id: z.string(), title: z.string(), page: z.int() })),
  files: z.array(z.strictObject({ name: fileNameSchema, bytes: z.int(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface BuildRequest {
  readonly run: RunId | null;
  readonly plates: readonly ItemNo[] | null;
  readonly keepNames: boolean;
}

/** Builds reports as jobs: data from the store, pictures from the images engine, files by the report worker. */
export class ReportBuilder {
  readonly #engines: Engines;
  readonly #worker = new ReportWorker();

  constructor(engines: Engines) {
    this.#engines = engines;
  }

  start(audit: OpenedAudit, request: BuildRequest): Job {
    audit.store.mustBeWritable();
    // Two builds would write one folder: whoever asks again gets the one under way.
    const underWay = audit.jobs
      .list()
      .find(({ kind, state }) => kind === "report" && !isEnded(state));
    if (underWay) return underWay;
    return audit.jobs.add({
      kind: "report",
      title: message("jobs.report.title"),
      work: (control) => this.#build(audit, request, control),
    });
  }

  /** What the last build holds, and what stands against signing it. */
  outline(audit: OpenedAudit): ReportOutline {
    const manifest = readManifest(audit.folder);
    return outlineOf(audit.store.overview(), manifest);
  }

  /** One page of the built PDF as SVG, or null where there is no such page. */
  async page(
    audit: OpenedAudit,
    page: number,
  ): Promise<{ bytes: Uint8Array; type: string } | null> {
    const manifest = readManifest(audit.folder);
    if (!manifest || page < 1 || page > manifest.pages) return null;
    const path = join(audit.folder, exportsFolder, "pages", `${page}.svg`);
    return { bytes: await readFile(path), type: "image/svg+xml" };
  }

  close(): void {
    this.#worker.close();
  }

  /** Everything is written beside and renamed when whole: a build that fails leaves the last one as it was. */
  async #build(audit: OpenedAudit, request: BuildRequest, control: JobControl): Promise<void> {
    const { folder, store } = audit;
    const part = join(folder, `${exportsFolder}.part`);
    const whole = join(folder, exportsFolder);
    try {
      const data = await gatherReport(audit, request, this.#engines, control);
      control.setRunning();
      const built = await this.#worker.build(data, control.signal);
      await control.checkpoint();
      await rm(part, { recursive: true, force: true });
      await mkdir(join(part, "pages"), { recursive: true });
      const files: Manifest["files"] = [];
      for (const { name, bytes } of built.files) {
        await writeFile(join(part, name), bytes);
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        files.push({ name, bytes: bytes.byteLength, sha256 });
      }
      for (const [i, svg] of built.pages.entries())
        await writeFile(join(part, "pages", `${i + 1}.svg`), svg);
      const manifest: Manifest = {
        audit: store.facts.id,
        builtAt: data.builtAt,
        recordNo: data.audit.recordNo,
        recordHash: data.recordHash,
        pages: built.pages.length,
        sections: built.sections,
        files,
      };
      await writeFile(join(part, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
      await rm(`${whole}.old`, { recursive: true, force: true });
      if (existsSync(whole)) await rename(whole, `${whole}.old`);
      await rename(part, whole);
      await rm(`${whole}.old`, { recursive: true, force: true });
      const after = {
        builtAt: data.builtAt,
        files: files.map(({ name, sha256 }) => ({ name, sha256 })),
      };
      store.note({ readerId: null, action: "report.build", object: "report", before: null, after });
    } catch (cause) {
      await rm(part, { recursive: true, force: true }).catch(() => undefined);
      if (cause instanceof AppError || control.signal.aborted) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      fail("report/failed", { why }, { cause });
    }
  }
}

/** The manifest of the last build, or null where there is none that can be read. */
export function readManifest(folder: string): Manifest | null {
  const path = join(folder, exportsFolder, manifestName);
  if (!existsSync(path)) return null;
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // Verify says that it is unreadable
  }
}
