import { randomBytes } from "node:crypto";
import type { Connection } from "./connection.ts";

const secretBytes = 32;

/** What an audit's patients, studies and references are hashed with; null where none was made and none may be. */
export function auditSecret(connection: Connection, mayWrite: boolean): Uint8Array | null {
  const known = connection.get<{ bytes: Uint8Array }>("SELECT bytes FROM secret");
  if (known || !mayWrite) return known?.bytes ?? null;
  const made = randomBytes(secretBytes);
  connection.run("INSERT INTO secret (one, bytes) VALUES (1, ?)", made);
  return made;
}
