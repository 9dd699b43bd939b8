import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/sample-audit.ts";
import { Connection } from "./connection.ts";
import { Counters } from "./counters.ts";
import { Items } from "./items.ts";
import { migrate, readMigrations } from "./migrate.ts";

function opened(version?: number) {
  const folder = temporaryFolder();
  const connection = new Connection(join(folder, "audit.sqlite"), { what: "the audit", folder });
  migrate(connection, folder, { migrations: readMigrations().slice(0, version) });
  return { folder, connection };
}

it("an audit from before frames keeps every row, number and reference", () => {
  const { folder, connection } = opened(5);
  connection.exec(`
    INSERT INTO class (code, name) VALUES (0, 'clear'), (1, 'nodule');
    INSERT INTO item (no, path, bytes, modified_ms, sha256, width, label, unit, has_evidence, missing, error)
      VALUES (0, 'a/1.png', 10, 1.5, 'aa', 20, 1, 'P1', 1, 0, NULL),
             (4, 'a/2.png', 11, 2.5, NULL, NULL, NULL, NULL, 0, 1, '{"code":"image/missing","details":{"file":"2.png"}}');
    INSERT INTO evidence (item, source) VALUES (0, '{"kind":"shapes"}');
    INSERT INTO facet (id, name) VALUES (1, 'site');
    INSERT INTO facet_value (id, facet, text) VALUES (1, 1, 'north');
    INSERT INTO item_facet (facet, item, value) VALUES (1, 4, 1);`);
  const before = connection.all("SELECT * FROM item ORDER BY no");
  migrate(connection, folder);
  const after = connection.all<Record<string, unknown>>("SELECT * FROM item ORDER BY no");
  expect(after).toMatchObject(before);
  expect(after.map(({ frame, frames }) => [frame, frames])).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const items = new Items(connection, new Counters(connection));
  expect(items.evidence(0)).toEqual({ kind: "shapes" });
  expect(items.facets(4)).toEqual({ site: "north" });
  expect(connection.all("PRAGMA foreign_key_check")).toEqual([]);
  expect(() =>
    connection.run("INSERT INTO evidence (item, source) VALUES (99, '{}')"),
  ).toThrowError(/FOREIGN KEY/i);
  connection.close();
});

it("a file and its frames are told apart, and numbers never change", () => {
  const { connection } = opened();
  const items = new Items(connection, new Counters(connection));
  const scan = { path: "IM1", bytes: 9, modifiedMs: 0, label: null, frames: 2 };
  expect(
    items.add([
      { ...scan, frame: 1 },
      { ...scan, frame: 2 },
    ]),
  ).toEqual({ added: 2, known: 0 });
  const more = [
    { ...scan, frame: 2 },
    { ...scan, path: "IM2", frames: 1 },
  ];
  expect(items.add(more)).toEqual({ added: 1, known: 1 });
  expect([...items.all()].map(({ no, path, frame }) => [no, path, frame])).toEqual([
    [0, "IM1", 1],
    [1, "IM1", 2],
    [2, "IM2", null],
  ]);
  expect(items.byPath("IM1", 2)?.no).toBe(1);
  expect(items.byPath("IM1")).toBeNull();
  connection.close();
});
