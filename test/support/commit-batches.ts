/** A process that is meant to be killed: commits batches of a run and commands, one after the other, for ever. */
import type { CommandId, RunId } from "../../shared/domain/ids.ts";
import { openAudit } from "../../src-main/store/open-audit.ts";
import { ann, command, sampleOutcome } from "./sample-outcomes.ts";

const [folder, run, round] = process.argv.slice(2);
const store = openAudit(folder);
const runId = run as RunId; // given by the test that starts this
const pending = store.pendingItems(runId);
process.stdout.write("ready\n");
for (let at = 0; at < pending.length; at += 4) {
  const items = pending.slice(at, at + 4);
  const failure = { code: "internal/unexpected", details: { message: "x" } } as const;
  store.commitBatch(
    runId,
    items.map((no) =>
      sampleOutcome(no, no % 7 === 3 ? { error: failure, map: null, logits: null } : {}),
    ),
  );
  const id = `${round}-${at}` as CommandId; // unlike any other round's
  store.apply({ ...command({ kind: "comment.set", item: items[0], text: id }), id, readerId: ann });
  store.addThumbnail(items[0], new Uint8Array(300).fill(items[0]), 1);
}
store.closeNow();
