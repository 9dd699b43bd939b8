import { appendFileSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { command, sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import { openAudit } from "./open-audit.ts";

function damage(folder: string): Buffer {
  const file = join(folder, "audit.sqlite");
  const bytes = readFileSync(file);
  bytes.fill(0xaa, 2 * 4096, 10 * 4096);
  writeFileSync(file, bytes);
  return bytes;
}

it("repairs a damaged store from its newest good copy and the log; the damaged one is kept", async () => {
  const { folder, store, run } = sampleAudit({ items: 30 });
  const comment = (item: number, text: string) =>
    store.apply(command({ kind: "comment.set", item, text }));
  store.commitBatch(run, [sampleOutcome(0), sampleOutcome(1)]);
  comment(1, "in the copy");
  const copy = await store.copy();
  const copied = store.recordTip().no;
  comment(2, "in the log alone");
  const taken = comment(3, "taken back");
  store.apply(command({ kind: "undo", recordNo: taken.recordNo }));
  const tip = store.recordTip();
  const before = [...store.allJudgements()];
  store.closeNow();
  const damaged = damage(folder);
  writeFileSync(join(folder, "copies", "short-9999.sqlite"), "newer, but no good");

  const again = openAudit(folder);
  expect(again.repair).toMatchObject({ copiedTo: copied, replayed: 3, left: 0 });
  expect(copy.endsWith(again.repair?.copy ?? "?")).toBe(true);
  expect([...again.allJudgements()]).toEqual(before);
  expect(again.record(tip.no, 2)).toMatchObject([
    { no: tip.no, hash: tip.hash },
    { no: tip.no + 1, action: "audit.repair", prevHash: tip.hash },
  ]);
  expect(again.verifyRecord()).toEqual([]);
  expect(again.runById(run).done).toBe(2);
  expect(again.readMap(run, 1)?.values).toEqual(sampleOutcome(1).map);
  const kept = join(folder, again.repair?.kept ?? "?", "audit.sqlite");
  expect(readFileSync(kept)).toEqual(damaged);
  again.closeNow();

  const sound = openAudit(folder);
  expect(sound.repair).toBeNull();
  sound.closeNow();
});

it("gives columns other revisions than the damaged store had", async () => {
  const { folder, store } = sampleAudit();
  await store.copy();
  for (let item = 0; item < 5; item++)
    store.apply(command({ kind: "discuss.set", item, discuss: true }));
  const before = new Map(
    store.columns().map((column) => [`${column.run} ${column.id}`, column.revision]),
  );
  store.closeNow();
  damage(folder);
  const again = openAudit(folder);
  for (const column of again.columns())
    expect(column.revision, column.id).toBeGreaterThan(
      before.get(`${column.run} ${column.id}`) ?? Infinity,
    );
  again.closeNow();
});

it("takes from the log only what follows on", async () => {
  const { folder, store } = sampleAudit();
  await store.copy();
  store.apply(command({ kind: "comment.set", item: 1, text: "one" }));
  store.apply(command({ kind: "comment.set", item: 2, text: "two" }));
  store.closeNow();
  damage(folder);
  const log = join(folder, "record.log");
  const lines = readFileSync(log, "utf8").replace('"text":"two"', '"text":"2"'); // changed by hand: its hash is wrong
  writeFileSync(log, lines);
  appendFileSync(log, '{"torn');
  const again = openAudit(folder);
  expect(again.repair).toMatchObject({ replayed: 1, left: 1 });
  expect([...again.allJudgements()].map(({ item, comment }) => [item, comment])).toEqual([
    [1, "one"],
  ]);
  expect(again.verifyRecord()).toEqual([]);
  again.closeNow();
  const other = readdirSync(folder).find((name) => name.startsWith("record.log.differs-")) ?? "?";
  expect(readFileSync(join(folder, other), "utf8")).toContain('"text":"2"');
});

it("refuses where no copy is good, and moves nothing", () => {
  const { folder, store } = sampleAudit({ items: 500 });
  store.closeNow();
  damage(folder);
  copyFileSync(join(folder, "record.log"), join(folder, "record.log.mine"));
  const before = readdirSync(folder).toSorted();
  expect(() => openAudit(folder)).toThrowError(expect.objectContaining({ code: "audit/damaged" }));
  expect(readdirSync(folder).toSorted()).toEqual(before);
});
