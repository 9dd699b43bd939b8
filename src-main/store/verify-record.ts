import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { logLine } from "./record-log.ts";
import { OriginLogs } from "./origin-logs.ts";
import { entryHash, firstHash, type AuditRecord } from "./record.ts";

/** One entry that is not what it was: its number, and in what way. */
export interface RecordProblem {
  readonly no: number;
  readonly kind:
    "number" | "hash" | "chain" | "log-differs" | "log-missing" | "log-longer" | "origin";
}

/**
 * Takes each entry in turn: its number follows, its hash is that of its content, it carries the hash of the one before,
 * the log beside the store has the same line, and what came from another copy is in that copy's log. Yields once per entry, null where all holds.
 */
export function* checkRecord(record: AuditRecord, folder: string): Generator<RecordProblem | null> {
  const file = join(folder, "record.log");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : null;
  const origins = new OriginLogs(folder);
  let no = 0;
  let hash = firstHash;
  for (const entry of record.all()) {
    no++;
    const kind =
      entry.no !== no
        ? "number"
        : entry.prevHash !== hash
          ? "chain"
          : entryHash(entry) !== entry.hash
            ? "hash"
            : entry.origin && !origins.has(entry.origin)
              ? "origin"
              : (lines && logProblem(lines[no - 1], logLine(entry))) || null;
    yield kind ? { no: entry.no, kind } : null;
    no = entry.no;
    hash = entry.hash;
  }
  if (lines && lines.length > no + 1) yield { no: no + 1, kind: "log-longer" };
}

function logProblem(line: string | undefined, expected: string) {
  if (line === undefined || line === "") return "log-missing";
  return line + "\n" === expected ? null : "log-differs";
}
