import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ReportOutline } from "../../shared/contract/reports.ts";
import type { ItemNo, RunId } from "../../shared/domain/ids.ts";
import { isEnded, type Job } from "../../shared/domain/job.ts";
import { AppError } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { ReportWorker } from "../reports/client.ts";
import { outlineOf } from "../reports/outline.ts";
import type { AuditStore } from "../store/audit-store.ts";
import {
  draftFolder,
  manifestName,
  manifestText,
  readManifestIn,
  replaceFolder,
  reportFailure,
  revisionFolders,
  writeFiles,
  writePages,
  type Manifest,
} from "./bundle-files.ts";
import type { Engines } from "./create-audit.ts";
import { gatherReport } from "./gather-report.ts";
import type { JobControl } from "./job-queue.ts";
import { reportFacts } from "./report-facts.ts";
import type { OpenedAudit } from "./opened-audit.ts";

export interface BuildRequest {
  readonly run: RunId | null;
  readonly plates: readonly ItemNo[] | null;
  readonly keepNames: boolean;
}

/** Builds reports as jobs: data from the store, pictures from the images engine, files by the report worker. */
export class ReportBuilder {
  readonly engines: Engines;
  readonly worker = new ReportWorker();

  constructor(engines: Engines) {
    this.engines = engines;
  }

  start(audit: OpenedAudit, request: BuildRequest): Job {
    audit.store.mustBeWritable();
    audit.store.mustBeOpen();
    // Two builds would write one folder: whoever asks again gets the one under way.
    const underWay = buildUnderWay(audit);
    if (underWay) return underWay;
    return audit.jobs.add({
      kind: "report",
      title: message("jobs.report.title"),
      work: (control) => this.#build(audit, request, control),
    });
  }

  /** What the last build holds, and what stands against signing it. `changed`: names of models whose file has changed. */
  outline(audit: OpenedAudit, changed: readonly string[] = []): ReportOutline {
    return outlineOf(
      audit.store.overview(),
      readManifest(audit),
      reportFacts(audit.store, changed),
    );
  }

  /** One page of the built PDF as SVG, or null where there is no such page. */
  async page(
    audit: OpenedAudit,
    page: number,
  ): Promise<{ bytes: Uint8Array; type: string } | null> {
    const manifest = readManifest(audit);
    if (!manifest || page < 1 || page > manifest.pages) return null;
    const path = join(shownBuild(audit).pages, `${page}.svg`);
    if (!existsSync(path)) return null;
    return { bytes: await readFile(path), type: "image/svg+xml" };
  }

  /** A file of the build that is shown, or null: only what its manifest names is served. */
  async file(audit: OpenedAudit, name: string) {
    const listed = readManifest(audit)?.files.find((file) => file.name === name);
    if (!listed) return null;
    return { ...listed, bytes: await readFile(join(shownBuild(audit).folder, name)) };
  }

  close(): void {
    this.worker.close();
  }

  /** Everything is written beside and renamed when whole: a build that fails leaves the last one as it was. */
  async #build(audit: OpenedAudit, request: BuildRequest, control: JobControl): Promise<void> {
    const { folder, store } = audit;
    const whole = join(folder, "exports", "draft");
    const part = `${whole}.part`;
    try {
      const data = await gatherReport(audit, request, this.engines, control);
      control.setRunning();
      const built = await this.worker.build(data, control.signal);
      await control.checkpoint();
      await rm(part, { recursive: true, force: true });
      await writePages(join(part, "pages"), built.pages);
      const files = await writeFiles(part, built.files);
      const manifest: Manifest = {
        audit: store.facts.id,
        builtAt: data.builtAt,
        recordNo: data.audit.recordNo,
        recordHash: data.recordHash,
        pages: built.pages.length,
        sections: built.sections,
        files,
      };
      await writeFiles(part, [
        { name: manifestName, bytes: new TextEncoder().encode(manifestText(manifest)) },
      ]);
      await replaceFolder(part, whole);
      const after = {
        builtAt: data.builtAt,
        files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
      };
      store.note({ readerId: null, action: "report.build", object: "report", before: null, after });
    } catch (cause) {
      await rm(part, { recursive: true, force: true }).catch(() => undefined);
      if (cause instanceof AppError || control.signal.aborted) throw cause;
      reportFailure(cause);
    }
  }
}

/** A build of the report that has not ended, be it a draft or a revision. */
export function buildUnderWay({ jobs }: OpenedAudit): Job | undefined {
  return jobs.list().find(({ kind, state }) => kind === "report" && !isEnded(state));
}

/** Where the build lies that Report shows: the revision's where it is built, else the last draft. */
export function shownBuild(audit: { readonly folder: string; readonly store: AuditStore }): {
  readonly folder: string;
  readonly pages: string;
} {
  const { no, state } = audit.store.revision();
  if (state === "ready" || state === "signed") {
    const { whole, pages } = revisionFolders(audit.folder, no);
    return { folder: whole, pages };
  }
  const folder = draftFolder(audit.folder);
  return { folder, pages: join(folder, "pages") };
}

/** The manifest of the build that is shown, or null where there is none that can be read. */
export function readManifest(audit: {
  readonly folder: string;
  readonly store: AuditStore;
}): Manifest | null {
  return readManifestIn(shownBuild(audit).folder);
}
