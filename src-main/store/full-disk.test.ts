import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  command,
  sampleAudit,
  sampleOutcome,
  temporaryFolder,
} from "../../test/support/sample-audit.ts";
import { openAudit } from "./open-audit.ts";
import { Connection } from "./connection.ts";

/** A disk of `size` in memory, where this user may mount one; else null. */
function smallDisk(size: string): string | null {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], {
      stdio: "ignore",
    });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

const full = expect.objectContaining({ code: "storage/full" });

it("SQLite's full disk is the catalogue's", () => {
  const folder = temporaryFolder();
  const connection = new Connection(join(folder, "a.sqlite"), { what: "the audit", folder });
  connection.exec("CREATE TABLE t (x TEXT) STRICT; PRAGMA max_page_count = 20");
  const fill = () =>
    connection.transaction(() => {
      for (let k = 0; k < 100; k++) connection.run("INSERT INTO t VALUES (?)", "x".repeat(2000));
    });
  expect(fill).toThrowError(full);
  expect(connection.get<{ n: number }>("SELECT count(*) AS n FROM t")?.n).toBe(0);
  connection.run("INSERT INTO t VALUES ('still works')");
  connection.close();
});

it("a disk that fills up loses nothing that was saved, and goes on when there is room again", ({
  skip,
}) => {
  const disk = smallDisk("4m");
  if (!disk) return skip("needs a user who may mount a disk in memory");
  const { folder, store, run } = sampleAudit({ folder: join(disk, "full.hansight"), items: 400 });
  store.commitBatch(
    run,
    [0, 1, 2].map((no) => sampleOutcome(no)),
  );
  const filler = join(disk, "filler");
  fillDisk(filler);

  const bigMap = { map: new Float32Array(120_000), mapDims: [300, 400] as const };
  expect(() => store.commitBatch(run, [sampleOutcome(3, bigMap)])).toThrowError(full);
  let saved = 0;
  expect(() => {
    for (; saved < 5000; saved++)
      store.apply(
        command({ kind: "comment.set", item: saved % 400, text: "comment ".repeat(200) }),
      );
  }).toThrowError(full);
  const tip = store.recordTip();
  expect(store.runById(run)).toMatchObject({ done: 3, failed: 0 });
  expect(store.pendingItems(run)[0]).toBe(3);

  rmSync(filler);
  store.commitBatch(run, [sampleOutcome(3)]);
  store.apply(command({ kind: "comment.set", item: 0, text: "room again" }));
  expect(store.recordTip().no).toBe(tip.no + 1);
  store.closeNow();

  const again = openAudit(folder);
  expect(again.verifyRecord()).toEqual([]); // the log too has caught up
  expect(again.runById(run).done).toBe(4);
  for (const no of [0, 1, 2, 3])
    expect(again.readMap(run, no)?.values).toEqual(sampleOutcome(no).map);
  again.closeNow();
});

it("makes no half audit on a full disk", ({ skip }) => {
  const disk = smallDisk("1m");
  if (!disk) return skip("needs a user who may mount a disk in memory");
  fillDisk(join(disk, "filler"));
  expect(() => sampleAudit({ folder: join(disk, "x.hansight") })).toThrowError(full);
  expect(readdirSync(disk)).toEqual(["filler"]);
});

function fillDisk(file: string): void {
  try {
    writeFileSync(file, Buffer.alloc(64 << 20));
  } catch {
    // as full as it gets
  }
}
