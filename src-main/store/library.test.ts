import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import type { AuditId } from "../../shared/domain/ids.ts";
import { command, sampleAudit, temporaryFolder } from "../../test/support/sample-audit.ts";
import { dataFolder, defaultAuditFolder } from "./data-folders.ts";
import { openLibrary } from "./library.ts";

function library(folder = temporaryFolder()) {
  const opened = openLibrary(folder);
  onTestFinished(() => opened.close());
  return opened;
}

it("remembers who works here; another name is another reader, a known one the same again", () => {
  const folder = temporaryFolder();
  const known = library(folder);
  expect(known.me()).toBeNull();
  const ann = known.setMe({ name: "Ann", initials: "A" });
  const ben = known.setMe({ name: "Ben", initials: "B" });
  expect(ben.id).not.toBe(ann.id);
  expect(known.setMe({ name: "Ann", initials: "AN" })).toEqual({ ...ann, initials: "AN" });
  expect({ ...library(folder).me() }).toEqual({ ...ann, initials: "AN" });
});

it("lists audits, last opened first, with what is in them now", () => {
  const known = library();
  const { folder, store, run } = sampleAudit();
  known.remember({ id: "gone" as AuditId, folder: join(folder, "../gone.hansight"), name: "Gone" });
  known.remember({ id: store.facts.id, folder, name: "Sample" });
  expect(known.list()).toMatchObject([
    {
      id: store.facts.id,
      name: "Sample",
      state: "draft",
      items: 12,
      model: "model.onnx",
      judged: 0,
      planned: 0,
    },
    { name: "Gone", state: "missing", items: 0 },
  ]);
  expect(known.list()[0].shownPlace).toMatch(/^hansight-test-\w+\/sample\.hansight$/);

  store.createQueue({
    id: "q" as never,
    name: "Q",
    rule: { kind: "filter", words: "" },
    items: [1, 2, 3],
  });
  store.apply(
    command({ kind: "verdict.set", items: [2, 9], run, verdict: "sound", reasons: [], view: null }),
  );
  expect(known.list()[0]).toMatchObject({ state: "in-review", judged: 1, planned: 3 });
  expect(known.folderOf(store.facts.id)).toBe(folder);
  known.forget(store.facts.id);
  expect(known.folderOf(store.facts.id)).toBeNull();
  expect(readdirSync(folder)).toContain("audit.sqlite");
});

it("makes no file in an audit that it lists", () => {
  const known = library();
  const { folder, store } = sampleAudit();
  store.closeNow();
  const before = readdirSync(folder).toSorted();
  known.remember({ id: store.facts.id, folder, name: "Sample" });
  expect(known.list()).toMatchObject([{ state: "draft", items: 12 }]);
  expect(readdirSync(folder).toSorted()).toEqual(before);
});

it("says which audits are damaged or newer", () => {
  const known = library();
  const { folder, store } = sampleAudit();
  store.closeNow();
  known.remember({ id: store.facts.id, folder, name: "Sample" });
  const file = join(folder, "audit.sqlite");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA user_version = 99");
  database.close();
  expect(known.list()[0].state).toBe("newer");
  writeFileSync(file, "this is not a database, and never was one");
  expect(known.list()[0].state).toBe("damaged");
  rmSync(folder, { recursive: true });
  expect(known.list()[0].state).toBe("missing");
});

it("starts a new list where the old one is damaged, and keeps the old one", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "library.sqlite"), "x".repeat(5000));
  expect(library(folder).list()).toEqual([]);
  expect(readdirSync(folder).some((name) => name.startsWith("library.sqlite.damaged-"))).toBe(true);
});

it("lists two hundred audits it has listed before in under 300 ms", () => {
  const known = library();
  const { folder, store } = sampleAudit();
  store.closeNow();
  for (let k = 0; k < 200; k++) {
    const copy = join(folder, `../copy-${k}.hansight`);
    mkdirSync(copy);
    copyFileSync(join(folder, "audit.sqlite"), join(copy, "audit.sqlite"));
    known.remember({ id: `copy-${k}` as AuditId, folder: copy, name: `${k}` });
  }
  const first = known.list();
  const before = performance.now();
  const second = known.list();
  expect(performance.now() - before).toBeLessThan(300);
  expect(second).toHaveLength(200);
  expect(second).toEqual(first);
  expect(second.every(({ items }) => items === 12)).toBe(true);
});

it("lies where the environment says, else in the platform's data folder", () => {
  expect(dataFolder({ HANSIGHT_HOME: "/somewhere" })).toBe("/somewhere");
  if (process.platform === "linux")
    expect(dataFolder({ XDG_DATA_HOME: "/home/a/.data" })).toBe(join("/home/a/.data", "hansight"));
  const home = temporaryFolder();
  expect(defaultAuditFolder(home)).toBe(join(home, "Hansight"));
});
