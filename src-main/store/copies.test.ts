import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { command, sampleAudit } from "../../test/support/sample-audit.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { Connection } from "./connection.ts";
import { usualHostSettings } from "../../shared/domain/host-settings.ts";
import { Copies } from "./copies.ts";
import { writeHostSettings } from "./host-settings.ts";

const comments = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database
    .prepare("SELECT item FROM judgement WHERE comment <> '' ORDER BY item")
    .all();
  database.close();
  return rows.map((row) => row["item"]);
};

it("copies the store as it is, while work goes on", async () => {
  const { store } = sampleAudit({ items: 5000 });
  store.apply(command({ kind: "comment.set", item: 1, text: "before" }));
  const copying = store.copy();
  store.apply(command({ kind: "comment.set", item: 2, text: "meanwhile" }));
  const file = await copying;
  expect(file).toMatch(/daily-\d{4}-\d\d-\d\d\.sqlite$/);
  expect(comments(file)).toContain(1);
  expect(comments(await store.copy())).toEqual([1, 2]);
});

it("waits for a transaction that is open when a copy begins", async () => {
  const folder = await temporaryFolder();
  const connection = new Connection(join(folder, "store.sqlite"), { what: "the audit", folder });
  connection.exec("CREATE TABLE t(x)");
  connection.run("BEGIN IMMEDIATE");
  connection.run("INSERT INTO t VALUES (1)");
  const copying = new Copies(folder, connection).make();
  await setTimeout(100);
  connection.run("COMMIT");
  const copy = new DatabaseSync(await copying, { readOnly: true });
  expect(copy.prepare("SELECT x FROM t").all()).toEqual([{ x: 1 }]);
  copy.close();
  connection.close();
});

it("makes a copy at close, and none where nothing changed", async () => {
  const { folder, store } = sampleAudit();
  store.apply(command({ kind: "comment.set", item: 3, text: "last" }));
  await store.close();
  const names = readdirSync(join(folder, "copies"));
  expect(names).toHaveLength(1);
  expect(comments(join(folder, "copies", names[0]))).toEqual([3]);
});

it("keeps twelve short ones and fourteen daily ones", async () => {
  const { folder, store } = sampleAudit();
  const copies = join(folder, "copies");
  mkdirSync(copies);
  for (let k = 10; k < 30; k++) {
    writeFileSync(join(copies, `daily-2020-01-${k}.sqlite`), "");
    writeFileSync(join(copies, `short-2020-01-${k}T00-00-00-000Z.sqlite`), "");
  }
  writeFileSync(join(copies, "before-upgrade-2020-01-01.sqlite"), "");
  await store.copy();
  await store.copy();
  const names = readdirSync(copies);
  const [daily, short] = ["daily-", "short-"].map((kind) =>
    names.filter((name) => name.startsWith(kind)).toSorted(),
  );
  expect(daily).toHaveLength(14);
  expect(daily[0]).toBe("daily-2020-01-17.sqlite"); // thirteen of January 2020 and today's
  expect(short).toHaveLength(12);
  expect(short[0]).toBe("short-2020-01-19T00-00-00-000Z.sqlite");
  expect(names).toContain("before-upgrade-2020-01-01.sqlite");
});

it("keeps as many as Settings say, from the next copy on", async () => {
  const before = process.env["HANSIGHT_HOME"];
  process.env["HANSIGHT_HOME"] = await temporaryFolder();
  try {
    writeHostSettings({ ...usualHostSettings, copiesShort: 2, copiesDaily: 3 });
    const { folder, store } = sampleAudit();
    const copies = join(folder, "copies");
    mkdirSync(copies);
    for (let k = 10; k < 20; k++) {
      writeFileSync(join(copies, `daily-2020-01-${k}.sqlite`), "");
      writeFileSync(join(copies, `short-2020-01-${k}T00-00-00-000Z.sqlite`), "");
    }
    await store.copy();
    await store.copy();
    const names = readdirSync(copies);
    expect(names.filter((name) => name.startsWith("daily-"))).toHaveLength(3);
    expect(names.filter((name) => name.startsWith("short-"))).toHaveLength(2);
    expect(store.copies()[0]?.bytes).toBeGreaterThan(0);
  } finally {
    if (before === undefined) delete process.env["HANSIGHT_HOME"];
    else process.env["HANSIGHT_HOME"] = before;
  }
});
