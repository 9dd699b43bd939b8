import { createHash } from "node:crypto";
import { z } from "zod";
import type { Participant } from "../../shared/contract/audits.ts";
import type { Reader } from "../../shared/contract/library.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import { roleOnJoining, roles, type Role } from "../../shared/domain/role.ts";
import type { PublicKey, RecordedReader } from "../../shared/domain/signature.ts";
import type { Connection } from "./connection.ts";
import type { AuditRecord } from "./record.ts";

/** Somebody who joins an audit. Who joins again keeps the role they have there; a key that is left out stays as well. */
export interface JoiningReader extends Reader {
  /** The role wished for. */
  readonly role?: Role;
  readonly publicKey?: PublicKey | null;
}

/** What entries hold; those of before there were roles and keys have neither. */
const addedSchema = z.strictObject({
  name: z.string(),
  initials: z.string(),
  role: z.enum(roles).optional(),
  publicKey: z.string().nullable().optional(),
});
const roleSchema = z.object({ role: z.enum(roles) });

interface ReaderRow {
  id: ReaderId;
  name: string;
  initials: string;
  role: Role;
  public_key: PublicKey | null;
}

/** Who takes part in an audit. Joining is an entry of the record; nobody ever leaves it. */
export class Readers {
  readonly #connection: Connection;
  readonly #record: AuditRecord;

  constructor(connection: Connection, record: AuditRecord) {
    this.#connection = connection;
    this.#record = record;
  }

  /**
   * The entry made, or null when the reader had joined just so before. `by` is who let them in: themselves, where nobody
   * is named. Who comes by themselves gets the role that `roleOnJoining` gives, who is let in the one they are given.
   */
  add(reader: JoiningReader, by: ReaderId = reader.id): RecordEntry | null {
    return this.#connection.transaction(() => {
      const { id, name, initials } = reader;
      const known = this.#row(id);
      const wished = reader.role ?? "reviewer";
      const role = known?.role ?? (by === id ? roleOnJoining(wished, this.#hasLead()) : wished);
      const publicKey = reader.publicKey ?? known?.public_key ?? null;
      const isSame =
        known?.name === name && known.initials === initials && known.public_key === publicKey;
      if (isSame) return null;
      const entry = this.#record.append({
        readerId: by,
        action: "reader.add",
        object: `reader/${id}`,
        before: known && {
          name: known.name,
          initials: known.initials,
          role: known.role,
          publicKey: known.public_key,
        },
        after: { name, initials, role, publicKey },
        commandId: null,
      });
      this.replay(entry);
      return entry;
    });
  }

  /** In the order in which they joined. */
  all(): Participant[] {
    return this.#connection
      .all<ReaderRow>("SELECT id, name, initials, role, public_key FROM reader ORDER BY record_no")
      .map(({ public_key: publicKey, ...reader }) => ({
        ...reader,
        fingerprint: publicKey === null ? null : fingerprintOf(publicKey),
      }));
  }

  has(id: ReaderId): boolean {
    return this.#row(id) !== undefined;
  }

  /** Null where the reader has not joined. */
  roleOf(id: ReaderId): Role | null {
    return this.#row(id)?.role ?? null;
  }

  /** How often their role here was set. */
  roleChanges(id: ReaderId): number {
    return (
      this.#connection.get<{ n: number }>(
        "SELECT count(*) AS n FROM change WHERE cell = ?",
        `role/${id}`,
      )?.n ?? 0
    );
  }

  /** Leads other than `id`: an audit keeps one. */
  otherLeads(id: ReaderId): number {
    return (
      this.#connection.get<{ n: number }>(
        "SELECT count(*) AS n FROM reader WHERE role = 'lead' AND id <> ?",
        id,
      )?.n ?? 0
    );
  }

  /** Every key with each name and role that its holder has had in the record: what a signature is checked against. */
  recorded(): RecordedReader[] {
    const now = new Map<ReaderId, RecordedReader>();
    const found = new Map<string, RecordedReader>();
    for (const entry of this.#record.byActions(["reader.add", "reader.role"])) {
      const id = idOf(entry);
      const before = now.get(id);
      const after =
        entry.action === "reader.role"
          ? before && { ...before, role: roleSchema.parse(entry.after).role }
          : this.#recordedOf(entry, now);
      if (!after) continue;
      now.set(id, after);
      if (after.publicKey !== "") found.set(JSON.stringify(after), after);
    }
    return [...found.values()];
  }

  replay(entry: RecordEntry): void {
    const { name, initials, role, publicKey } = addedSchema.parse(entry.after);
    this.#connection.run(
      `INSERT INTO reader (id, name, initials, record_no, role, public_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (id) DO UPDATE SET name = ?2, initials = ?3, public_key = coalesce(?6, public_key)`,
      idOf(entry),
      name,
      initials,
      entry.no,
      role ?? roleOnJoining("reviewer", this.#hasLead()),
      publicKey ?? null,
    );
  }

  clear(): void {
    this.#connection.run("DELETE FROM reader");
  }

  #recordedOf(entry: RecordEntry, now: ReadonlyMap<ReaderId, RecordedReader>): RecordedReader {
    const { name, role, publicKey } = addedSchema.parse(entry.after);
    const readerId = idOf(entry);
    const before = now.get(readerId);
    const hasLead = [...now.values()].some((one) => one.role === "lead");
    return {
      readerId,
      name,
      role: before?.role ?? role ?? roleOnJoining("reviewer", hasLead),
      publicKey: publicKey ?? before?.publicKey ?? "",
    };
  }

  #hasLead(): boolean {
    return this.#connection.get("SELECT 1 FROM reader WHERE role = 'lead'") !== undefined;
  }

  #row(id: ReaderId): ReaderRow | undefined {
    return this.#connection.get<ReaderRow>(
      "SELECT id, name, initials, role, public_key FROM reader WHERE id = ?",
      id,
    );
  }
}

/** First 16 hex digits of the SHA-256 of the key's 32 bytes. */
export function fingerprintOf(publicKey: PublicKey): string {
  return createHash("sha256").update(publicKey, "hex").digest("hex").slice(0, 16);
}

function idOf(entry: RecordEntry): ReaderId {
  return entry.object.slice("reader/".length) as ReaderId; // written by add
}
