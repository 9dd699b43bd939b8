import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import { createRandom } from "../../test/support/seeded.ts";
import { openAudit } from "./open-audit.ts";

const kills = Number(process.env["HANSIGHT_KILLS"] ?? 20);
const child = join(import.meta.dirname, "../../test/support/commit-batches.ts");
const itemCount = 4000;

it(
  `${kills} kills at seeded moments lose no batch that was saved and count none twice`,
  { timeout: 30_000 + kills * 5_000 },
  async () => {
    const { folder, store, run } = sampleAudit({ items: itemCount });
    store.closeNow();
    const random = createRandom(20);
    let done = 0;
    let recorded = 0;
    for (let round = 0; round < kills; round++) {
      const process_ = spawn(process.execPath, [child, folder, run, String(round)]);
      await Promise.race([once(process_.stdout, "data"), once(process_, "exit")]);
      await wait(random() * 200);
      process_.kill("SIGKILL");
      await once(process_, "exit").catch(() => {});

      const again = openAudit(folder);
      expect(again.isReadOnly, `round ${round}`).toBe(false);
      const now = again.runById(run);
      const tried = now.done + now.failed;
      expect(tried).toBeGreaterThanOrEqual(done); // what was saved is still there
      expect(again.recordTip().no).toBeGreaterThanOrEqual(recorded);
      expect(again.pendingItems(run)).toHaveLength(itemCount - tried);
      done = tried;
      recorded = again.recordTip().no;
      expect(again.verifyRecord()).toEqual([]);
      again.closeNow();
    }
    expect(done).toBeGreaterThan(kills); // the kills met work, not start-up

    const last = openAudit(folder);
    const counted = counts(folder);
    expect(counted).toEqual({
      measures: last.runById(run).done,
      failures: last.runById(run).failed,
      twice: 0,
    });
    for (let no = 0; no < done; no++) {
      const values = last.readMap(run, no)?.values ?? null;
      expect(values, `map of item ${no}`).toEqual(no % 7 === 3 ? null : sampleOutcome(no).map);
    }
    const comments = [...last.allJudgements()].length;
    const saidTwice = [...last.allRecord()].filter(({ action }) => action === "comment.set").length;
    expect(saidTwice).toBe(comments); // a command per batch, on an item of its own
    last.rebuildState();
    expect([...last.allJudgements()]).toHaveLength(comments);
    last.closeNow();
  },
);

function counts(folder: string) {
  return {
    ...query<{ measures: number; failures: number; twice: number }>(
      folder,
      `SELECT (SELECT count(*) FROM measure) AS measures, (SELECT count(*) FROM failure) AS failures,
         (SELECT count(*) FROM measure JOIN failure USING (run, item)) AS twice`,
    ),
  };
}

function query<Row>(folder: string, sql: string): Row {
  const database = new DatabaseSync(join(folder, "audit.sqlite"));
  const row = database.prepare(sql).get() as Row; // as selected
  database.close();
  return row;
}
