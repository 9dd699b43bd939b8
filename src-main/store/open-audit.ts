import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError, fail } from "../../shared/errors/app-error.ts";
import { insertFacts, type AuditFacts } from "./audit-facts.ts";
import { AuditStore, type NewAudit } from "./audit-store.ts";
import { AuditLock } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { openForReading, openForWriting, storeName } from "./open-files.ts";
import { factsOf, openOrRepair, takeLock } from "./opening.ts";
import { storageFailure } from "./storage-failure.ts";

/** Makes `folder` (which must be absent or empty) an audit, and opens it. */
export function createAudit(folder: string, audit: NewAudit): AuditStore {
  const isNew = !existsSync(folder);
  try {
    if (!isNew && readdirSync(folder).length > 0) fail("audit/exists", { folder });
    mkdirSync(folder, { recursive: true });
    const lock = AuditLock.take(folder);
    if (!(lock instanceof AuditLock)) return fail("audit/exists", { folder });
    const connection = openForWriting(folder);
    migrate(connection, folder);
    const facts: AuditFacts = {
      id: audit.id,
      name: audit.name,
      createdAt: new Date().toISOString(),
      medical: audit.medical ?? false,
      sources: audit.sources,
      notes: audit.notes ?? [],
    };
    insertFacts(connection, facts);
    const store = new AuditStore({
      folder,
      connection,
      lock,
      facts,
      dispose: () => {},
      repair: null,
    });
    store.begin(audit);
    return store;
  } catch (error) {
    const isOurs = isNew && !(error instanceof AppError && error.code === "audit/exists");
    if (isOurs) rmSync(folder, { recursive: true, force: true });
    return storageFailure(error, "the audit", folder);
  }
}

/**
 * Opens an audit. Where someone else has it open, or the folder cannot be written, the store is read-only and every
 * change is refused with `audit/in-use` or `storage/read-only`. A damaged store is repaired from its newest good copy and
 * the record's log (RX-125); `repair` of the store says so, and the damaged files are kept.
 */
export function openAudit(
  folder: string,
  options: { readonly readOnly?: boolean } = {},
): AuditStore {
  if (!existsSync(join(folder, storeName))) fail("audit/not-an-audit", { folder });
  const lock = options.readOnly ? null : takeLock(folder);
  if (!(lock instanceof AuditLock)) {
    const { connection, dispose } = openForReading(folder);
    const facts = factsOf(connection, folder);
    return new AuditStore({ folder, connection, lock, facts, dispose, repair: null });
  }
  try {
    const { connection, repair } = openOrRepair(folder);
    const facts = factsOf(connection, folder);
    const store = new AuditStore({ folder, connection, lock, facts, dispose: () => {}, repair });
    if (repair) store.rebuildAfter(repair);
    return store;
  } catch (error) {
    lock.release();
    throw error;
  }
}
