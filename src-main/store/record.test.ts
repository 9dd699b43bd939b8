import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import { command, sampleAudit } from "../../test/support/sample-audit.ts";
import { openAudit } from "./open-audit.ts";

function audited(entries: number) {
  const { folder, store } = sampleAudit();
  for (let step = 0; step < entries; step++)
    store.apply(
      command({ kind: "comment.set", item: step % 12, text: `comment ${step} – ünïcödé` }),
    );
  return { folder, store, log: join(folder, "record.log") };
}

function tamper(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, "audit.sqlite"));
  database.exec(
    "DROP TRIGGER record_is_append_only_update; DROP TRIGGER record_is_append_only_delete;",
  );
  database.exec(sql);
  database.close();
}

it("each entry hashes its canonical JSON and the entry before", () => {
  const { store } = audited(5);
  let previous = "0".repeat(64);
  for (const { hash, ...entry } of store.allRecord()) {
    expect(entry.prevHash).toBe(previous);
    expect(hash).toBe(createHash("sha256").update(canonicalJson(entry)).digest("hex"));
    previous = hash;
  }
});

it("canonical JSON follows the example of RFC 8785", () => {
  const value = {
    peach: "This sorting order",
    péché: "is wrong according to French",
    pêche: 1e21,
    sin: 333333333.33333329,
  };
  expect(
    canonicalJson({ ...value, "\u20ac": "Euro Sign", "\r": "Carriage Return", "1": "One" }),
  ).toBe(
    '{"\\r":"Carriage Return","1":"One","peach":"This sorting order","péché":"is wrong according to French","pêche":1e+21,"sin":333333333.3333333,"€":"Euro Sign"}',
  );
});

it("no entry can be changed or taken away", () => {
  const { folder, store } = audited(2);
  store.closeNow();
  const database = new DatabaseSync(join(folder, "audit.sqlite"));
  expect(() => database.exec("UPDATE record SET action = 'x' WHERE no = 2")).toThrowError(
    /append-only/,
  );
  expect(() => database.exec("DELETE FROM record WHERE no = 2")).toThrowError(/append-only/);
  database.close();
});

it("finds one changed byte and names its entry", () => {
  const { folder, store } = audited(20);
  expect(store.verifyRecord()).toEqual([]);
  store.closeNow();
  tamper(
    folder,
    "UPDATE record SET after = replace(after, 'comment 7', 'comment 8') WHERE no = 14",
  );
  const reader = openAudit(folder, { readOnly: true });
  expect(reader.verifyRecord()).toEqual([{ no: 14, kind: "hash" }]);
  reader.closeNow();
});

it("finds an entry that was taken out of the middle, and one rewritten with a fresh hash", () => {
  const { folder, store } = audited(20);
  store.closeNow();
  tamper(
    folder,
    "DELETE FROM record WHERE no = 9; UPDATE record SET hash = printf('%064d', 5) WHERE no = 15",
  );
  const reader = openAudit(folder, { readOnly: true });
  expect(reader.verifyRecord()).toEqual([
    { no: 10, kind: "number" },
    { no: 15, kind: "hash" },
    { no: 16, kind: "chain" },
  ]);
  reader.closeNow();
});

it("the log has one line per entry and finds a byte changed in it", () => {
  const { folder, store, log } = audited(6);
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual([...store.allRecord()]);
  store.closeNow();
  writeFileSync(log, readFileSync(log, "utf8").replace("comment 3", "comment 4"));
  const reader = openAudit(folder, { readOnly: true });
  expect(reader.verifyRecord()).toEqual([{ no: 10, kind: "log-differs" }]); // six entries came before the first comment
  reader.closeNow();
});

it("rewrites what the log misses at open: a torn last line, or whole ones", () => {
  const { folder, store, log } = audited(10);
  store.closeNow();
  const whole = readFileSync(log);
  for (const length of [whole.length - 1, whole.length - 40, 1000, 10, 0]) {
    truncateSync(log, length);
    const again = openAudit(folder);
    expect(again.verifyRecord(), `cut to ${length} bytes`).toEqual([]);
    again.closeNow();
    expect(readFileSync(log)).toEqual(whole);
  }
  appendFileSync(log, '{"no":17,"torn');
  openAudit(folder).closeNow();
  expect(readFileSync(log)).toEqual(whole);
});

it("reads a torn tail behind a line longer than what is read at once", () => {
  const { folder, store, log } = audited(1);
  store.apply(command({ kind: "comment.set", item: 0, text: "long ".repeat(40_000) }));
  store.closeNow();
  const whole = readFileSync(log);
  appendFileSync(log, "torn ".repeat(30_000));
  openAudit(folder).closeNow();
  expect(readFileSync(log)).toEqual(whole);
});

it("keeps a log that tells another story, and writes a new one", () => {
  const { folder, store, log } = audited(3);
  store.closeNow();
  const foreign = readFileSync(log, "utf8").replace(/"hash":"[0-9a-f]{4}/g, '"hash":"0000');
  writeFileSync(log, foreign);
  const again = openAudit(folder);
  expect(again.verifyRecord()).toEqual([]);
  again.closeNow();
  const kept = readdirSync(folder).find((name) => name.startsWith("record.log.differs-"));
  expect(readFileSync(join(folder, kept ?? ""), "utf8")).toBe(foreign);
});
