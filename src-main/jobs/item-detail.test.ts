import { expect, it } from "vitest";
import type { CommandBody } from "../../shared/domain/command.ts";
import type { ReaderId } from "../../shared/domain/ids.ts";
import type { Verdict } from "../../shared/domain/review.ts";
import { ann, ben, command, sampleAudit, sampleRunId } from "../../test/support/sample-audit.ts";
import { itemDetail } from "./item-detail.ts";

it("says of each verdict in the history whether it stands, was superseded or undone (RX-92)", () => {
  const { store } = sampleAudit();
  const say = (readerId: ReaderId, body: CommandBody) =>
    store.apply(command(body, { readerId })).recordNo;
  const judge = (reader: ReaderId, verdict: Verdict) =>
    say(reader, {
      kind: "verdict.set",
      items: [3],
      run: sampleRunId,
      verdict,
      reasons: [],
      view: null,
    });
  judge(ann, "sound");
  judge(ben, "mixed");
  judge(ann, "unclear");
  const recordNo = judge(ann, "spurious");
  say(ann, { kind: "undo", recordNo });
  const lines = itemDetail({ store }, sampleRunId, 3).history.map(
    ({ reader, action, verdict, standing }) => [reader, verdict ?? action, standing],
  );
  expect(lines).toEqual([
    ["Ann", "undo", null],
    ["Ann", "spurious", "undone"],
    ["Ann", "unclear", null],
    ["Ben", "mixed", null],
    ["Ann", "sound", "superseded"],
  ]);
});
