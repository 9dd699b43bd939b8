import { AppError, fail } from "../../shared/errors/app-error.ts";
import { readFacts, type AuditFacts } from "./audit-facts.ts";
import type { Connection } from "./connection.ts";
import { Copies } from "./copies.ts";
import { AuditLock, type LockHolder } from "./lock.ts";
import { migrate } from "./migrate.ts";
import { checkIntegrity, openForWriting } from "./open-files.ts";
import { repairStore, type Repair } from "./repair.ts";

/** The store of `folder` to be written, whole: as it was, or repaired. Whoever calls this holds the lock. */
export function openOrRepair(folder: string): { connection: Connection; repair: Repair | null } {
  try {
    return { connection: openChecked(folder), repair: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "audit/damaged") throw error;
    const repair = repairStore(folder, error);
    return { connection: openChecked(folder), repair };
  }
}

function openChecked(folder: string): Connection {
  const connection = openForWriting(folder);
  try {
    checkIntegrity(connection, folder);
    const beforeUpgrade = () => new Copies(folder, connection).makeNow("before-upgrade");
    migrate(connection, folder, { beforeUpgrade });
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** What the audit in `folder` is; a store without one is no audit. */
export function factsOf(connection: Connection, folder: string): AuditFacts {
  return readFacts(connection) ?? fail("audit/not-an-audit", { folder });
}

/** The lock, who holds it, or that nothing can be written here. */
export function takeLock(folder: string): AuditLock | LockHolder | "read-only" {
  try {
    return AuditLock.take(folder);
  } catch (error) {
    if (error instanceof AppError && error.code === "storage/read-only") return "read-only";
    throw error;
  }
}
