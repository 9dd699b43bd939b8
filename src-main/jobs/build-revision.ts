import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../shared/errors/app-error.ts";
import type { SignatureFile } from "../../shared/domain/signature.ts";
import { fingerprint, isSignedBy } from "../keys/public-key.ts";
import { parseSignature, readSignatures, signedBytes } from "../keys/signature-file.ts";
import type { ReportData } from "../reports/report-data.ts";
import {
  contentName,
  manifestName,
  manifestText,
  replaceFolder,
  reportFailure,
  revisionFolders,
  sha256Of,
  signaturePageName,
  signaturesFolder,
  writeFiles,
  writePages,
  type Manifest,
} from "./bundle-files.ts";
import { gatherReport } from "./gather-report.ts";
import type { JobControl } from "./job-queue.ts";
import type { OpenedAudit } from "./opened-audit.ts";
import type { BuildRequest, ReportBuilder } from "./report-builder.ts";

/**
 * Builds the locked revision into `exports/r<n>`: all files but the PDF, `content.json` over them and the entry that
 * locked it, the PDF, `manifest.json` over everything, and the entry `revision.build`. It stands in `r<n>.part` until it
 * is whole; whatever goes wrong, that is removed.
 */
export async function buildRevision(work: {
  readonly audit: OpenedAudit;
  readonly builder: ReportBuilder;
  readonly request: BuildRequest;
  readonly control: JobControl;
}): Promise<void> {
  const { audit, builder, request, control } = work;
  const { store, folder } = audit;
  const { no, lock } = store.revision();
  if (!lock) throw new RangeError("a revision is locked before it is built");
  const { whole, part, pages } = revisionFolders(folder, no);
  const pagesPart = `${pages}.part`;
  try {
    const gathered = await gatherReport(audit, request, builder.engines, control);
    const data = upTo(gathered, lock);
    control.setRunning();
    const built = await builder.worker.build(data, control.signal);
    await control.checkpoint();
    for (const old of [part, pagesPart]) await rm(old, { recursive: true, force: true });
    const files = await writeFiles(part, built.files);
    const manifest: Manifest = {
      audit: store.facts.id,
      revision: no,
      builtAt: data.builtAt,
      recordNo: lock.recordNo,
      recordHash: lock.hash,
      pages: built.pages.length,
      sections: built.sections,
      files,
    };
    const text = new TextEncoder().encode(manifestText(manifest));
    await writeFiles(part, [{ name: manifestName, bytes: text }]);
    await writePages(pagesPart, built.pages);
    await control.checkpoint();
    await replaceFolder(pagesPart, pages);
    await replaceFolder(part, whole);
    store.enterRevision({
      action: "revision.build",
      readerId: null,
      commandId: null,
      after: {
        builtAt: data.builtAt,
        manifestSha256: sha256Of(text),
        contentSha256: files.find(({ name }) => name === contentName)?.sha256 ?? "",
        files,
      },
    });
  } catch (cause) {
    for (const left of [
      part,
      pagesPart,
      ...(store.revision().state === "building" ? [whole, pages] : []),
    ])
      await rm(left, { recursive: true, force: true }).catch(() => undefined);
    if (cause instanceof AppError || control.signal.aborted) throw cause;
    reportFailure(cause);
  }
}

/** The data as of the entry that locked the revision, whatever was noted while it was gathered. */
function upTo(
  data: ReportData,
  lock: { readonly recordNo: number; readonly hash: string },
): ReportData {
  return {
    ...data,
    audit: { ...data.audit, recordNo: lock.recordNo },
    record: data.record.filter(({ no }) => no <= lock.recordNo),
    recordHash: lock.hash,
  };
}

/** Prints `signatures.pdf` anew from the files in `signatures`; beside and renamed when whole. */
export async function printSignatures(
  { store, folder }: OpenedAudit,
  { worker }: ReportBuilder,
  at: Date,
): Promise<void> {
  const { no, signers, contentSha256 } = store.revision();
  const { whole } = revisionFolders(folder, no);
  const signatures = (await readSignatures(join(whole, signaturesFolder))).flatMap(
    ({ file, bytes }) => {
      const content: SignatureFile | null = parseSignature(bytes);
      return content ? [{ file, content, fingerprint: fingerprint(content.signed.publicKey) }] : [];
    },
  );
  const { name: auditName, medical: isMedical } = store.facts;
  const page = {
    ...{ auditName, isMedical, revision: no, contentSha256: contentSha256 ?? "" },
    ...{ signers, signatures },
  };
  const never = new AbortController().signal;
  const pdf = await worker.printSignatures(page, at.toISOString(), never);
  const path = join(whole, signaturePageName);
  await writeFile(`${path}.part`, pdf);
  await rename(`${path}.part`, path);
}

/**
 * After a host that ended in between: a build that nobody finishes is given up, and a signature whose file came before its
 * entry is entered.
 */
export async function restoreRevision(audit: OpenedAudit): Promise<void> {
  const { store, folder } = audit;
  const revision = store.revision();
  const { whole, part, pages } = revisionFolders(folder, revision.no);
  for (const left of [part, `${pages}.part`])
    if (existsSync(left)) await rm(left, { recursive: true, force: true });
  if (revision.state === "building") {
    for (const left of [whole, pages]) await rm(left, { recursive: true, force: true });
    const after = { why: "interrupted" };
    store.enterRevision({ action: "revision.unlock", readerId: null, commandId: null, after });
    return;
  }
  if (revision.state !== "ready" && revision.state !== "signed") return;
  for (const { file, bytes } of await readSignatures(join(whole, signaturesFolder))) {
    const signature = parseSignature(bytes);
    const isOurs =
      signature !== null &&
      signature.signed.revision === revision.no &&
      signature.signed.manifestSha256 === revision.manifestSha256 &&
      !revision.signatures.some(({ content }) => content.signature === signature.signature);
    if (!isOurs) continue;
    const { signed, signature: sign } = signature;
    if (!isSignedBy(signed.publicKey, signedBytes(signed), sign)) continue;
    const after = { file, signature };
    store.enterRevision({
      action: "revision.sign",
      readerId: signed.readerId,
      commandId: null,
      after,
    });
  }
}
