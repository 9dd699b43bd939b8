import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../../shared/errors/app-error.ts";
import type { Connection } from "./connection.ts";

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** The numbered SQL files of `folder`, in order; a gap is our own mistake. */
export function readMigrations(folder = join(import.meta.dirname, "migrations")): Migration[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.+\.sql$/.test(name));
  return names.toSorted().map((name, index) => {
    const version = Number(name.slice(0, 4));
    if (version !== index + 1)
      throw new RangeError(`migration ${index + 1} is missing before ${name}`);
    return { version, name, sql: readFileSync(join(folder, name), "utf8") };
  });
}

export function schemaVersion(connection: Connection): number {
  const row = connection.get<{ user_version: number }>("PRAGMA user_version");
  return row ? row.user_version : 0;
}

/**
 * Brings the file to the newest version, each step in a transaction of its own. `beforeUpgrade` runs once, before the
 * first step of a file that already held something: the only copy never meets a new format.
 */
export function migrate(
  connection: Connection,
  folder: string,
  options: { readonly migrations?: readonly Migration[]; readonly beforeUpgrade?: () => void } = {},
): void {
  const migrations = options.migrations ?? readMigrations();
  const found = schemaVersion(connection);
  if (found > migrations.length) fail("audit/newer", { folder, found, known: migrations.length });
  if (found > 0 && found < migrations.length) options.beforeUpgrade?.();
  for (const { version, sql } of migrations.slice(found)) {
    connection.transaction(() => {
      connection.exec(sql);
      connection.exec(`PRAGMA user_version = ${version}`);
    });
  }
}
