import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { Connection } from "./connection.ts";
import { checkIntegrity, openForWriting, storeName } from "./open-files.ts";
import { AuditRecord, entryHash } from "./record.ts";
import { migrate } from "./migrate.ts";

/** What became of a damaged store. */
export interface Repair {
  /** File name of the copy it was made from. */
  readonly copy: string;
  /** Number of the copy's last entry. */
  readonly copiedTo: number;
  /** Entries added from the record's log. */
  readonly replayed: number;
  /** Lines of the log that do not follow on: left in `record.log.differs-…`. */
  readonly left: number;
  /** Folder that keeps the damaged files. */
  readonly kept: string;
}

const originSchema = z.strictObject({ tip: z.string(), no: z.int(), hash: z.string() });
const entrySchema = z.strictObject({
  no: z.int(),
  at: z.string(),
  readerId: z.string().nullable(),
  action: z.string(),
  object: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  commandId: z.string().nullable(),
  prevHash: z.string(),
  hash: z.string(),
  origin: originSchema.optional(),
});

/**
 * Puts the newest good copy in place of a damaged store and adds every entry of `record.log` that follows on; whoever calls
 * it holds the lock, and makes the state anew from the record. Results of runs since the copy are computed again.
 */
export function repairStore(folder: string, damage: unknown): Repair {
  const found = newestGoodCopy(folder);
  if (!found) throw damage;
  const kept = `damaged-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  mkdirSync(join(folder, kept));
  for (const name of [storeName, `${storeName}-wal`, `${storeName}-shm`])
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, kept, name));
  copyFileSync(found.file, join(folder, storeName));
  const connection = openForWriting(folder);
  try {
    migrate(connection, folder);
    const counts = connection.transaction(() => {
      // columns fetched from the damaged store must not be taken for these
      connection.run("UPDATE counter SET value = value + 1000000");
      connection.run("UPDATE run SET revision = revision + 1000000");
      return replayLog(connection, join(folder, "record.log"));
    });
    return { copy: basename(found.file), copiedTo: found.tip, ...counts, kept };
  } finally {
    connection.close();
  }
}

/** The one that holds most of the record. */
function newestGoodCopy(folder: string): { file: string; tip: number } | null {
  const copies = join(folder, "copies");
  if (!existsSync(copies)) return null;
  const good = readdirSync(copies)
    .filter((name) => name.endsWith(".sqlite"))
    .flatMap((name) => {
      const file = join(copies, name);
      const tip = tipOf(file, folder);
      return tip === null ? [] : [{ file, tip }];
    });
  return good.toSorted((a, b) => b.tip - a.tip)[0] ?? null;
}

function tipOf(file: string, folder: string): number | null {
  let connection: Connection | null = null;
  try {
    connection = new Connection(file, { what: "a copy", folder, readOnly: true });
    checkIntegrity(connection, folder);
    return new AuditRecord(connection).tip().no;
  } catch {
    return null; // no good: the next one may be
  } finally {
    connection?.close();
  }
}

function replayLog(connection: Connection, file: string): { replayed: number; left: number } {
  const record = new AuditRecord(connection);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  let { no, hash } = record.tip();
  let replayed = 0;
  let left = 0;
  for (const line of lines) {
    const entry = parseEntry(line);
    if (!entry || entry.no <= no) continue;
    const follows =
      entry.no === no + 1 && entry.prevHash === hash && entryHash(entry) === entry.hash;
    if (!follows) {
      left++;
      continue;
    }
    record.restore(entry);
    replayed++;
    ({ no, hash } = entry);
  }
  return { replayed, left };
}

/** An entry as its line in a log says it; null for a torn one. */
export function parseEntry(line: string): RecordEntry | null {
  try {
    const entry = entrySchema.parse(JSON.parse(line));
    // sound: the schema has checked the shape, and these brands were given when the entry was made
    const [readerId, commandId] = [entry.readerId as ReaderId, entry.commandId as CommandId];
    const { origin, ...rest } = entry;
    return { ...rest, readerId, commandId, ...(origin && { origin }) };
  } catch {
    return null; // a torn line
  }
}
