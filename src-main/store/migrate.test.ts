import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/sample-audit.ts";
import { Connection } from "./connection.ts";
import { migrate, readMigrations, schemaVersion } from "./migrate.ts";

function emptyStore() {
  const folder = temporaryFolder();
  return {
    folder,
    connection: new Connection(join(folder, "audit.sqlite"), { what: "the audit", folder }),
  };
}

it("every version follows from version 1, and every table is STRICT", () => {
  const { folder, connection } = emptyStore();
  const migrations = readMigrations();
  for (let version = 1; version <= migrations.length; version++) {
    migrate(connection, folder, { migrations: migrations.slice(0, version) });
    expect(schemaVersion(connection)).toBe(version);
  }
  const tables = connection.all<{ name: string; strict: number }>(
    "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'",
  );
  expect(tables.length).toBeGreaterThan(20);
  expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
  connection.close();
});

it("keeps a copy before the first step of a file that held something, and undoes a step that fails", () => {
  const { folder, connection } = emptyStore();
  const first = readMigrations();
  migrate(connection, folder, { migrations: first, beforeUpgrade: () => expect.unreachable() });
  const broken = {
    version: first.length + 1,
    name: "broken",
    sql: "CREATE TABLE half (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);",
  };
  const copies: number[] = [];
  const beforeUpgrade = () => copies.push(schemaVersion(connection));
  expect(() =>
    migrate(connection, folder, { migrations: [...first, broken], beforeUpgrade }),
  ).toThrowError(/nowhere/);
  expect(copies).toEqual([first.length]);
  expect(schemaVersion(connection)).toBe(first.length);
  expect(connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'half'")).toBeUndefined();
  connection.close();
});
