import { z } from "zod";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { entryHash, firstHash } from "../store/record.ts";

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
  origin: z.strictObject({ tip: z.string(), no: z.int(), hash: z.string() }).optional(),
});

/** A bundle's `record.log`: the entries that hold, each with its hash made anew, and what does not. */
export interface CheckedLog {
  readonly entries: readonly RecordEntry[];
  readonly problems: readonly string[];
}

/** Reads the lines up to the first that does not follow: what comes after it hangs in the air. */
export function checkLog(text: string): CheckedLog {
  const entries: RecordEntry[] = [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let hash = firstHash;
  for (const [i, line] of lines.entries()) {
    const no = i + 1;
    const entry = parseEntry(line);
    const why = !entry
      ? message("verify.log.unreadable")
      : entry.no !== no
        ? message("jobs.verify.number")
        : entry.prevHash !== hash
          ? message("jobs.verify.chain")
          : entryHash(entry) !== entry.hash
            ? message("jobs.verify.hash")
            : null;
    if (!entry || why !== null)
      return { entries, problems: [message("verify.log.line", { no, why: why ?? "" })] };
    entries.push(entry);
    hash = entry.hash;
  }
  return { entries, problems: [] };
}

function parseEntry(line: string): RecordEntry | null {
  try {
    const entry = entrySchema.parse(JSON.parse(line));
    // sound: these brands were given when the entry was made, and are only compared here
    const [readerId, commandId] = [entry.readerId as ReaderId, entry.commandId as CommandId];
    const { origin, ...rest } = entry;
    return { ...rest, readerId, commandId, ...(origin && { origin }) };
  } catch {
    return null;
  }
}
