import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { VerifyStep } from "../../shared/contract/verify.ts";
import { AppError, explainError, fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { ReaderKeys } from "../keys/reader-keys.ts";
import type { KnownKey } from "../keys/verify-signatures.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { openAudit } from "../store/open-audit.ts";
import type { Library } from "../store/library.ts";
import { exportsFolder, filesBelow } from "./bundle-files.ts";
import { verifyAudit } from "./verify-audit.ts";
import { isBundle, verifyBundle } from "./verify-bundle.ts";
import { partOf, stepOf } from "./verify-words.ts";

/**
 * Verifies any folder: an audit, or a report that was built for signing and handed out. It is opened to be read only, is
 * not put on the library's list, and no file is made in it. Fails with `verify/nothing-here`.
 */
export async function* verifyFolder(
  folder: string,
  known: readonly KnownKey[],
): AsyncGenerator<VerifyStep> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) fail("verify/nothing-here", { folder });
  if (existsSync(join(folder, "audit.sqlite"))) {
    yield* verifyAuditFolder(folder, known);
    return;
  }
  if (!(await isBundle(folder))) fail("verify/nothing-here", { folder });
  let checked = 0;
  const part = await verifyBundle(folder, null, known, () => (checked += 1));
  yield stepOf([part], { checked, planned: checked });
}

async function* verifyAuditFolder(
  folder: string,
  known: readonly KnownKey[],
): AsyncGenerator<VerifyStep> {
  let store: AuditStore;
  try {
    store = openAudit(folder, { readOnly: true });
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    yield await withoutStore(folder, known, explainError(cause.toJSON()).what);
    return;
  }
  try {
    yield* verifyAudit({ store, folder }, known);
  } finally {
    store.closeNow();
  }
}

/** The store cannot be read: what was built for signing still speaks for itself. */
async function withoutStore(
  folder: string,
  known: readonly KnownKey[],
  why: string,
): Promise<VerifyStep> {
  const problems = [message("verify.store", { why })];
  const parts = [partOf({ kind: "record", no: null, problems, checks: [] })];
  const { files } = await filesBelow(join(folder, exportsFolder)).catch(() => ({ files: [] }));
  const bundles = new Set(files.flatMap((path) => /^r\d+(?=\/)/.exec(path)?.[0] ?? []));
  let checked = 0;
  for (const name of bundles) {
    const bundle = join(folder, exportsFolder, name);
    parts.push(await verifyBundle(bundle, null, known, () => (checked += 1)));
  }
  return stepOf(parts, { checked, planned: checked });
}

/** The keys on this computer, with the names that this computer knows their readers by. */
export async function knownKeys(keys: ReaderKeys, library: Library): Promise<KnownKey[]> {
  const names = new Map(library.readers().map(({ id, name }) => [id, name]));
  return (await keys.list()).flatMap((key) =>
    key.kind === "ready"
      ? [
          {
            readerId: key.readerId,
            publicKey: key.publicKey,
            name: names.get(key.readerId) ?? null,
          },
        ]
      : [],
  );
}
