import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ReaderId } from "../../shared/domain/ids.ts";
import {
  ann,
  ben,
  command,
  sampleAudit,
  temporaryFolder,
} from "../../test/support/sample-audit.ts";
import { Connection } from "./connection.ts";
import { migrate, readMigrations } from "./migrate.ts";

const key = "ab".repeat(32);
const cat = "reader-cat" as ReaderId;
const setRole = (reader: ReaderId, role: "lead" | "reviewer" | "viewer") =>
  ({ kind: "reader.role", reader, role }) as const;

it("makes the first who may judge the lead, and keeps everybody's role when they come again", () => {
  const { store } = sampleAudit();
  store.addReader({ id: cat, name: "Cat", initials: "C", role: "viewer" });
  expect(store.readers().map(({ name, role }) => [name, role])).toEqual([
    ["Ann", "lead"],
    ["Ben", "reviewer"],
    ["Cat", "viewer"],
  ]);
  store.apply(command(setRole(cat, "lead")));
  store.addReader({ id: cat, name: "Catherine", initials: "C", role: "viewer" });
  expect(store.roleOf(cat)).toBe("lead");
  expect(store.roleOf("reader-dan" as ReaderId)).toBeNull();
});

it("gives whom a lead lets in the role they are given", () => {
  const { store } = sampleAudit();
  store.addReader({ id: cat, name: "Cat", initials: "C", role: "lead" }, ann);
  expect(store.roleOf(cat)).toBe("lead");
  expect(store.record(store.recordTip().no, 1)[0]).toMatchObject({
    readerId: ann,
    object: `reader/${cat}`,
    after: { role: "lead" },
  });
  store.rebuildState();
  expect(store.roleOf(cat)).toBe("lead");
});

it("shows a key by the first half of its SHA-256, and notes a new one as an entry", () => {
  const { store } = sampleAudit();
  const before = store.recordTip().no;
  store.addReader({ id: ben, name: "Ben", initials: "B", publicKey: key });
  store.addReader({ id: ben, name: "Ben", initials: "B" }); // a computer without the key
  const fingerprint = createHash("sha256").update(Buffer.from(key, "hex")).digest("hex");
  expect(store.readers()[1].fingerprint).toBe(fingerprint.slice(0, 16));
  expect(store.recordTip().no).toBe(before + 1);
  expect(store.record(before + 1, 1)[0]).toMatchObject({
    action: "reader.add",
    object: `reader/${ben}`,
    before: { name: "Ben", initials: "B", role: "reviewer", publicKey: null },
    after: { name: "Ben", initials: "B", role: "reviewer", publicKey: key },
  });
});

it("lists every name and role that the holder of a key has had", () => {
  const { store } = sampleAudit();
  store.addReader({ id: ben, name: "Ben", initials: "B", publicKey: key });
  store.apply(command(setRole(ben, "lead")));
  store.addReader({ id: ben, name: "Benjamin", initials: "B", publicKey: key });
  store.addReader({ id: ben, name: "Benjamin", initials: "B", publicKey: "cd".repeat(32) });
  const of = { readerId: ben, name: "Ben", publicKey: key };
  expect(store.recordedReaders()).toEqual([
    { ...of, role: "reviewer" },
    { ...of, role: "lead" },
    { ...of, role: "lead", name: "Benjamin" },
    { ...of, role: "lead", name: "Benjamin", publicKey: "cd".repeat(32) },
  ]);
});

it("keeps one lead, and never undoes a role", () => {
  const { store } = sampleAudit();
  expect(() => store.apply(command(setRole(ann, "viewer")))).toThrow("without a lead");
  expect(() => store.apply(command(setRole(cat, "lead")))).toThrow("reader-cat");
  const { recordNo } = store.apply(command(setRole(ben, "lead")));
  expect(store.lastAction(ann, "undo")).toBeNull();
  expect(() => store.apply(command({ kind: "undo", recordNo }))).toThrow();
  expect(store.roleOf(ben)).toBe("lead");
});

it("has the same people after everything was made anew from the record", () => {
  const { store } = sampleAudit();
  store.addReader({ id: ben, name: "Ben", initials: "B", publicKey: key });
  store.addReader({ id: cat, name: "Cat", initials: "C", role: "viewer" }, ann);
  store.apply(command(setRole(ben, "lead")));
  store.apply(command(setRole(ann, "reviewer"), { readerId: ben }));
  const before = store.readers();
  store.rebuildState();
  expect(store.readers()).toEqual(before);
});

it("makes the first reader of an older audit its lead", () => {
  const folder = temporaryFolder();
  const connection = new Connection(join(folder, "old.sqlite"), { what: "the audit", folder });
  const migrations = readMigrations();
  migrate(connection, folder, { migrations: migrations.slice(0, 4) });
  connection.exec(
    "INSERT INTO reader (id, name, initials, record_no) VALUES ('b', 'Ben', 'B', 9), ('a', 'Ann', 'A', 2)",
  );
  migrate(connection, folder, { migrations });
  expect(
    connection.all<{ id: string; role: string }>("SELECT id, role FROM reader ORDER BY id"),
  ).toEqual([
    expect.objectContaining({ id: "a", role: "lead" }),
    expect.objectContaining({ id: "b", role: "reviewer" }),
  ]);
  connection.close();
});
