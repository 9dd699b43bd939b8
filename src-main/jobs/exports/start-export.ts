import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { WrittenExport } from "../../../shared/contract/exports.ts";
import type { ExportFormat } from "../../../shared/domain/export-format.ts";
import type { ItemNo, ReaderId } from "../../../shared/domain/ids.ts";
import type { Job } from "../../../shared/domain/job.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { withoutNames } from "../../reports/anonymise.ts";
import { listsOf } from "../../reports/annotations/lists.ts";
import { dataWriters } from "../../reports/registry.ts";
import type { ReportFile } from "../../reports/report-data.ts";
import { storageFailure } from "../../store/storage-failure.ts";
import { replaceFolder, writeFiles } from "../bundle-files.ts";
import type { Engines } from "../create-audit.ts";
import { gatherReport } from "../gather-report.ts";
import type { JobControl } from "../job-queue.ts";
import type { OpenedAudit } from "../opened-audit.ts";
import { beforeExport } from "./before-export.ts";
import { dicomFiles } from "./export-dicom.ts";
import { annotatedItems, listedItems } from "./export-items.ts";
import { exportedRun, mapFiles } from "./export-maps.ts";
import { allItems, annotationFormats } from "./format-losses.ts";

export interface ExportWish {
  readonly formats: readonly ExportFormat[];
  /** null: every item. */
  readonly items: readonly ItemNo[] | null;
  readonly keepNames: boolean;
  /** Copies of the sources without names beside DICOM objects. */
  readonly deidentifiedSources?: boolean;
  /** Real path of the folder that each format's own folder is made in. */
  readonly out: string;
  readonly existing: "refuse" | "replace";
  readonly readerId: ReaderId | null;
}

/**
 * Queues an export. Each format is written beside its folder, as `<format>.part`, and takes its place when every one is whole.
 * Fails with `export/exists`, and with what `beforeExport` refuses.
 */
export function startExport(audit: OpenedAudit, engines: Engines, wish: ExportWish): Job {
  const { store, jobs } = audit;
  store.mustBeWritable();
  const formats = [...new Set(wish.formats)];
  const wished = wish.items ? [...new Set(wish.items)] : allItems(store);
  const items = beforeExport(audit, wished);
  if (wish.existing === "refuse")
    for (const format of formats)
      if (existsSync(join(wish.out, format))) fail("export/exists", { file: format });
  const names = formats.map((format) => message(`export.format.${format}`)).join(", ");
  return jobs.add({
    kind: "export",
    title: message("export.job", { formats: names }),
    planned: formats.length,
    work: (control) => writeAll(audit, engines, { ...wish, formats, items }, control),
  });
}

type Chosen = ExportWish & { readonly items: readonly ItemNo[] };

async function writeAll(
  audit: OpenedAudit,
  engines: Engines,
  wish: Chosen,
  control: JobControl,
): Promise<void> {
  const { formats, out, items, keepNames, deidentifiedSources = false, readerId } = wish;
  const part = (format: ExportFormat) => join(out, `${format}.part`);
  const written: WrittenExport["formats"] = [];
  try {
    await mkdir(out, { recursive: true });
    for (const format of formats) {
      await control.checkpoint();
      await rm(part(format), { recursive: true, force: true });
      await mkdir(part(format));
      written.push({ format, ...(await writeFormat(audit, engines, wish, format, control)) });
      control.report({ tried: written.length });
    }
    for (const format of formats) await replaceFolder(part(format), join(out, format));
    audit.store.note({
      readerId,
      action: "export.write",
      object: "export/data",
      before: null,
      after: { items: items.length, keepNames, deidentifiedSources, formats: written },
    });
  } catch (cause) {
    for (const format of formats)
      await rm(part(format), { recursive: true, force: true }).catch(() => undefined);
    storageFailure(cause, basename(out), out);
  }
}

/** Files one after another; how many, their bytes, and one hash over their names and content. */
async function writeFormat(
  audit: OpenedAudit,
  engines: Engines,
  wish: Chosen,
  format: ExportFormat,
  control: JobControl,
): Promise<{ readonly files: number; readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let [files, bytes] = [0, 0];
  for await (const file of await filesOf(audit, engines, wish, format, control)) {
    if (files % 100 === 0) await control.checkpoint();
    for (const listed of await writeFiles(join(wish.out, `${format}.part`), [file])) {
      hash.update(`${listed.sha256}  ${listed.name}\n`);
      bytes += listed.bytes;
      files++;
    }
  }
  return { files, bytes, sha256: hash.digest("hex") };
}

async function filesOf(
  audit: OpenedAudit,
  engines: Engines,
  { items, keepNames, deidentifiedSources = false }: Chosen,
  format: ExportFormat,
  control: JobControl,
): Promise<Iterable<ReportFile> | AsyncIterable<ReportFile>> {
  const { store } = audit;
  switch (format) {
    case "csv":
    case "json": {
      const data = await gatherReport(
        audit,
        { run: null, plates: [], keepNames },
        engines,
        control,
      );
      const writer = dataWriters.find(({ id }) => id === format);
      return writer?.write(withoutNames(data)) ?? [];
    }
    case "coco":
    case "voc":
    case "yolo":
      return annotationFormats[format]?.(annotatedItems(store, items, keepNames)).files ?? [];
    case "maps":
    case "maps-png": {
      const run = exportedRun(store);
      const kind = format === "maps" ? "npy" : "png";
      return run ? mapFiles(store, run, kind, { items, keepNames }) : [];
    }
    case "dicom":
      return dicomFiles(store, items, { deidentifiedSources });
    case "lists":
      return listsOf(listedItems(store, items, keepNames)).files;
  }
}
