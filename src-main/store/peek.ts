import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../shared/errors/app-error.ts";
import { AuditLock } from "./lock.ts";
import { readMigrations, schemaVersion } from "./migrate.ts";
import { openForReading, storeName } from "./open-files.ts";

export const peekSchema = z.strictObject({
  state: z.enum(["draft", "in-review", "damaged", "newer"]),
  items: z.int(),
  model: z.string().nullable(),
  judged: z.int(),
  planned: z.int(),
  bytes: z.number(),
});
/** What a card of the library says of an audit's content. */
export type Peek = z.infer<typeof peekSchema>;

/** Changes whenever the store does; null where there is none. */
export function peekStamp(folder: string): string | null {
  const file = join(folder, storeName);
  if (!existsSync(file)) return null;
  return [file, `${file}-wal`]
    .map((name) => statSync(name, { throwIfNoEntry: false }))
    .map((found) => (found ? `${found.size}@${found.mtimeMs}` : "-"))
    .join(" ");
}

/** Looks into an audit without opening it for work. */
export function peekAudit(folder: string): Peek {
  const nothing = { items: 0, model: null, judged: 0, planned: 0, bytes: sizeOf(folder) };
  try {
    const { connection, dispose } = openForReading(folder);
    try {
      if (schemaVersion(connection) > readMigrations().length)
        return { ...nothing, state: "newer" };
      const row = connection.get<Omit<Peek, "state" | "bytes"> & { any: number }>(
        `WITH listed AS (SELECT DISTINCT item FROM queue_item),
              read AS (SELECT DISTINCT item FROM judgement WHERE verdict IS NOT NULL)
         SELECT (SELECT count(*) FROM item) AS items,
           (SELECT file_name FROM model ORDER BY no DESC LIMIT 1) AS model,
           (SELECT count(*) FROM listed WHERE item IN read) AS judged,
           (SELECT count(*) FROM listed) AS planned, EXISTS (SELECT 1 FROM read) AS any`,
      );
      if (!row) return { ...nothing, state: "damaged" };
      const { any, ...counts } = row;
      return { ...nothing, ...counts, state: any ? "in-review" : "draft" };
    } finally {
      connection.close();
      dispose();
    }
  } catch (error) {
    if (error instanceof AppError || error instanceof Error)
      return { ...nothing, state: "damaged" };
    throw error;
  }
}

/** Whether another process has the audit open for writing. */
export function isInUseElsewhere(folder: string): boolean {
  return existsSync(join(folder, "lock")) && AuditLock.isHeldElsewhere(folder);
}

function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
