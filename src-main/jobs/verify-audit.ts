import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { VerifyPart, VerifyStep } from "../../shared/contract/verify.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import { methods } from "../../shared/domain/methods.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { KnownKey } from "../keys/verify-signatures.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { foldRevisions } from "../store/revisions.ts";
import {
  draftFolder,
  exportsFolder,
  filesBelow,
  hashFile,
  manifestName,
  readManifestIn,
  revisionFolders,
  type ListedFile,
} from "./bundle-files.ts";
import { verifyBundle } from "./verify-bundle.ts";
import { fileWords, partOf, stepOf } from "./verify-words.ts";

/** Entries between two reports of progress. */
const stride = 500;

const builtSchema = z.looseObject({
  files: z.array(
    z.looseObject({ name: z.string(), sha256: z.string(), bytes: z.int().optional() }),
  ),
});
const revisionBuiltSchema = z.looseObject({
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int(), sha256: z.string() })),
});

/**
 * Re-hashes the record's chain, the last draft, and every revision that was built, each against what the record says of it:
 * a list that was edited along with its files agrees with itself, and not with the record.
 */
export async function* verifyAudit(
  { store, folder }: { readonly store: AuditStore; readonly folder: string },
  known: readonly KnownKey[],
): AsyncGenerator<VerifyStep> {
  const entries: RecordEntry[] = [...store.allRecord()];
  const draft = lastDraft(entries);
  const revisions = foldRevisions(entries).filter(({ manifestSha256 }) => manifestSha256 !== null);
  const files = revisions.map(({ lock }) => builtFiles(entries, lock?.recordNo ?? 0));
  const planned = entries.length + draft.length + files.flat().length;
  let checked = 0;
  const parts: VerifyPart[] = [];
  const progress = (): VerifyStep => ({
    ...stepOf(parts, { checked, planned }),
    state: "checking",
  });

  const recordProblems: string[] = [];
  for (const problem of store.checkRecord()) {
    checked += 1;
    if (problem) {
      const why = message(`jobs.verify.${problem.kind}`);
      recordProblems.push(message("jobs.verify.record", { no: problem.no, why }));
    }
    if (checked % stride > 0) continue;
    yield progress();
    await new Promise((resolve) => setImmediate(resolve)); // the host answers others in between
  }
  for (const { method } of store.changedSheets())
    recordProblems.push(message("jobs.verify.sheet", { method: methods[method].label }));
  parts.push(partOf({ kind: "record", no: null, problems: recordProblems, checks: [] }));
  yield progress();

  if (draft.length > 0) {
    const problems = await draftProblems(draftFolder(folder), draft);
    checked += draft.length;
    parts.push(partOf({ kind: "draft", no: null, problems, checks: [] }));
    yield progress();
  }
  for (const [i, revision] of revisions.entries()) {
    const { whole } = revisionFolders(folder, revision.no);
    const recorded = {
      auditId: store.facts.id,
      no: revision.no,
      manifestSha256: revision.manifestSha256 ?? "",
      files: files[i] ?? [],
      entered: revision.signatures.map(({ content }) => content),
      entries,
    };
    const isThere = await readdir(whole).then(
      () => true,
      () => false,
    );
    parts.push(
      isThere
        ? await verifyBundle(whole, recorded, known, () => void (checked += 1))
        : missingRevision(revision.no),
    );
    yield progress();
  }
  const unrecorded = await strangers(folder, new Set(revisions.map(({ no }) => no)));
  if (unrecorded.length > 0)
    parts.push(partOf({ kind: "record", no: null, problems: unrecorded, checks: [] }));
  yield stepOf(parts, { checked: planned, planned });
}

function missingRevision(no: number): VerifyPart {
  const problems = [message("verify.bundle.missing", { no })];
  return partOf({ kind: "revision", no, problems, checks: [] });
}

/** Folders of revisions that the record does not know. */
async function strangers(folder: string, known: ReadonlySet<number>): Promise<string[]> {
  const names = await readdir(join(folder, exportsFolder)).catch(() => []);
  return names
    .filter((name) => /^r\d+$/.test(name) && !known.has(Number(name.slice(1))))
    .map((name) => message("verify.bundle.unrecorded", { name }));
}

/** Files of the last draft as its entry of the record names them; none where none was built. */
function lastDraft(entries: readonly RecordEntry[]): z.infer<typeof builtSchema>["files"] {
  const entry = entries.findLast(({ action }) => action === "report.build");
  const parsed = builtSchema.safeParse(entry?.after);
  return parsed.success ? parsed.data.files : [];
}

/** Files of the revision locked at entry `lockedAt`, as the build after it named them. */
function builtFiles(entries: readonly RecordEntry[], lockedAt: number): ListedFile[] {
  const entry = entries.find(({ no, action }) => no > lockedAt && action === "revision.build");
  const parsed = revisionBuiltSchema.safeParse(entry?.after);
  return parsed.success ? parsed.data.files : [];
}

async function draftProblems(
  folder: string,
  built: z.infer<typeof builtSchema>["files"],
): Promise<string[]> {
  const problems: string[] = [];
  const manifest = readManifestIn(folder);
  if (!manifest) problems.push(message("jobs.verify.no-manifest"));
  for (const { name, sha256, bytes } of built) {
    const listed = manifest?.files.find((file) => file.name === name);
    const found = await hashFile(join(folder, name));
    if (found?.sha256 === sha256) {
      if (manifest && listed?.sha256 !== sha256)
        problems.push(message("jobs.verify.manifest-differs", { name }));
      continue;
    }
    const was = bytes ?? (listed?.sha256 === sha256 ? listed.bytes : 0);
    const words = fileWords({ name, bytes: was, sha256 }, found, null);
    if (words) problems.push(words);
  }
  const names = new Set([manifestName, ...built.map(({ name }) => name)]);
  const { files, others } = await filesBelow(folder).catch(() => ({ files: [], others: [] }));
  for (const name of [...files, ...others])
    if (!names.has(name) && !isBeside.test(name))
      problems.push(message("jobs.verify.file-unknown", { name }));
  return problems;
}

/** Pictures of the pages, and in audits of before revisions what lies beside the draft. */
const isBeside = /^(pages|draft|r\d+)(\.\w+)*\//;
