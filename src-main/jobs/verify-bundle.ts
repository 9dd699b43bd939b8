import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { VerifyPart } from "../../shared/contract/verify.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import type { SignatureFile } from "../../shared/domain/signature.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { readSignatures } from "../keys/signature-file.ts";
import { verifySignatures, type KnownKey } from "../keys/verify-signatures.ts";
import { checkLog, type CheckedLog } from "./bundle-log.ts";
import {
  contentName,
  contentSchema,
  filesBelow,
  hashFile,
  manifestName,
  manifestSchema,
  recordLogName,
  sha256Of,
  signaturePageName,
  signaturesFolder,
  type ListedFile,
  type Manifest,
} from "./bundle-files.ts";
import { recordedReaders } from "./recorded-readers.ts";
import { fileWords, partOf, signerNames } from "./verify-words.ts";

/** What the audit's own record says of a revision; a bundle that stands alone has only itself. */
export interface RecordedRevision {
  readonly auditId: AuditId;
  readonly no: number;
  readonly manifestSha256: string;
  readonly files: readonly ListedFile[];
  readonly entered: readonly SignatureFile[];
  /** The audit's record, each hash made anew. */
  readonly entries: readonly RecordEntry[];
}

/**
 * Verifies a report built for signing: every file against the manifest (against the record where there is one), the lists
 * against each other, the record inside against its own chain, and each signature against all of it. `onFile` is called
 * after each file.
 */
export async function verifyBundle(
  folder: string,
  recorded: RecordedRevision | null,
  known: readonly KnownKey[],
  onFile: (planned: number) => void = () => undefined,
): Promise<VerifyPart> {
  const problems: string[] = [];
  const bytes = await readFile(join(folder, manifestName)).catch(() => null);
  const manifest = bytes && parseManifest(bytes);
  const manifestSha256 = bytes ? sha256Of(bytes) : "";
  if (!bytes) problems.push(message("verify.manifest.missing"));
  else if (!manifest)
    problems.push(message("verify.manifest.unreadable", { is: bytes.byteLength }));
  if (bytes && recorded && manifestSha256 !== recorded.manifestSha256)
    problems.push(message("verify.manifest.other"));
  if (manifest && recorded && !isOf(manifest, recorded))
    problems.push(message("verify.manifest.audit"));

  const log = await checkBundleLog(folder);
  const entries = recorded?.entries ?? log?.entries ?? [];
  const named = await readSignatures(join(folder, signaturesFolder));
  const checks = verifySignatures(named, {
    auditId: recorded?.auditId ?? ((manifest?.audit ?? "") as AuditId), // only compared
    revision: recorded?.no ?? manifest?.revision ?? 0,
    manifestSha256,
    recordHash: (no) => entries[no - 1]?.hash ?? null,
    readers: recordedReaders(entries),
    known,
    entered: recorded?.entered ?? [],
  });

  const listed = recorded?.files ?? manifest?.files ?? [];
  const signers = signerNames(checks);
  for (const file of listed) {
    const found = await hashFile(join(folder, file.name));
    const words = fileWords(file, found, signers);
    if (words) problems.push(words);
    onFile(listed.length);
  }
  problems.push(...(await strangers(folder, listed)));
  problems.push(...(await contentProblems(folder, manifest, log)));
  if (log) problems.push(...log.problems);
  if (log && recorded && !isBeginningOf(log.entries, recorded.entries))
    problems.push(message("verify.log.other"));
  return partOf({
    kind: "revision",
    no: recorded?.no ?? manifest?.revision ?? null,
    problems,
    checks,
  });
}

/** Whether a folder is a report built for signing, whole or not. */
export async function isBundle(folder: string): Promise<boolean> {
  const { files } = await filesBelow(folder);
  const has = (name: string) => files.includes(name);
  return (
    (has(manifestName) || has(contentName)) &&
    (has(recordLogName) || has(`${signaturesFolder}/1.json`) || has(contentName))
  );
}

function parseManifest(bytes: Uint8Array): Manifest | null {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function isOf({ audit, revision }: Manifest, { auditId, no }: RecordedRevision): boolean {
  return audit === auditId && revision === no;
}

async function checkBundleLog(folder: string): Promise<CheckedLog | null> {
  const text = await readFile(join(folder, recordLogName), "utf8").catch(() => null);
  return text === null ? null : checkLog(text);
}

/** Files that nobody listed. Signatures are checked one by one, and their print is covered by none. */
async function strangers(folder: string, listed: readonly ListedFile[]): Promise<string[]> {
  const names = new Set([manifestName, signaturePageName, ...listed.map(({ name }) => name)]);
  const isSignature = new RegExp(`^${signaturesFolder}/[1-9]\\d*\\.json$`);
  const { files, others } = await filesBelow(folder);
  const unknown = files.filter((name) => !names.has(name) && !isSignature.test(name));
  const sized = unknown.map(async (name) => {
    const found = await hashFile(join(folder, name));
    return message("verify.file.unknown", { name, is: sizeWords(found?.bytes ?? 0) });
  });
  return [
    ...(await Promise.all(sized)),
    ...others.map((name) => message("verify.file.link", { name })),
  ];
}

/** `content.json` lists what the PDF's foot stands for: it must agree with the manifest and with the record inside. */
async function contentProblems(
  folder: string,
  manifest: Manifest | null,
  log: CheckedLog | null,
): Promise<string[]> {
  const text = await readFile(join(folder, contentName), "utf8").catch(() => null);
  if (text === null || !manifest) return []; // said of the file, or of the manifest
  const content = contentSchema.safeParse(jsonOf(text));
  if (!content.success) return [message("verify.content.unreadable")];
  const problems: string[] = [];
  const { files, record } = content.data;
  const byName = new Map(manifest.files.map((file) => [file.name, file]));
  for (const { path: name, bytes, sha256 } of files) {
    const file = byName.get(name);
    if (file?.bytes !== bytes || file.sha256 !== sha256)
      problems.push(message("verify.content.file", { name }));
    byName.delete(name);
  }
  for (const name of byName.keys())
    if (name !== contentName && !name.endsWith(".pdf"))
      problems.push(message("verify.content.lacks", { name }));
  const last = log?.entries.at(-1);
  if (log && log.problems.length === 0 && last?.no !== record.no)
    problems.push(message("verify.log.ends", { is: last?.no ?? 0, was: record.no }));
  else if (last && last.no === record.no && last.hash !== record.hash)
    problems.push(message("verify.content.record", { no: record.no }));
  return problems;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isBeginningOf(part: readonly RecordEntry[], whole: readonly RecordEntry[]): boolean {
  return part.every(({ hash }, i) => whole[i]?.hash === hash);
}

function sizeWords(bytes: number): string {
  return bytes.toLocaleString("en-GB");
}
