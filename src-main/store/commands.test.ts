import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CommandBody } from "../../shared/domain/command.ts";
import type { QueueId, ReaderId, RegionId } from "../../shared/domain/ids.ts";
import {
  faults,
  reasons,
  regionKinds,
  verdicts,
  type Reason,
  type Verdict,
} from "../../shared/domain/review.ts";
import { ann, ben, command, sampleAudit, sampleRunId } from "../../test/support/sample-audit.ts";
import { createRandom } from "../../test/support/seeded.ts";
import { openAudit } from "./open-audit.ts";

/** What was on screen. */
const view = {
  run: sampleRunId,
  target: 1,
  mode: "overlay",
  opacity: 0.45,
  threshold: 0.35,
  colours: "viridis",
  scaling: "run-p99",
  zoom: 1,
  seconds: 4.5,
  queue: null,
} as const;

const set = (items: number[], verdict: Verdict, chosen: Reason[] = []): CommandBody => ({
  kind: "verdict.set",
  items,
  run: sampleRunId,
  verdict,
  reasons: chosen,
  view: null,
});
const rect = { kind: "rect", x: 0.1, y: 0.2, w: 0.3, h: 0.4 } as const;

it("applies a command once, however often it is sent", () => {
  const { folder, store } = sampleAudit();
  const spurious = command(set([1], "spurious", ["marker"]));
  const first = store.apply(spurious);
  expect(store.apply(spurious)).toEqual(first);
  store.closeNow();

  const again = openAudit(folder);
  expect(again.apply(spurious)).toEqual(first);
  expect(again.recordTip().no).toBe(first.recordNo);
  expect(again.judgements(1)).toMatchObject([{ verdict: "spurious", recordNo: first.recordNo }]);
  again.closeNow();
});

it("changes a verdict by a new one that stays beside the old", () => {
  const { store } = sampleAudit();
  const first = store.apply(command({ ...set([1], "sound"), view } as CommandBody));
  expect(store.judgements(1)).toMatchObject([{ verdict: "sound", view, at: first.at }]);
  const second = store.apply(command(set([1], "spurious", ["device"])));
  expect(store.judgements(1)).toMatchObject([
    { verdict: "spurious", reasons: ["device"], view: null },
  ]);
  expect(store.detail(null, 1).history).toMatchObject([
    { recordNo: second.recordNo, verdict: "spurious" },
    { recordNo: first.recordNo, verdict: "sound" },
  ]);
  expect(store.record(second.recordNo, 1)[0]).toMatchObject({
    action: "verdict.set",
    object: "item/1",
    before: { [`verdict/1/${ann}`]: { verdict: "sound", reasons: [] } },
    after: { verdict: "spurious", reasons: ["device"] },
  });
});

it("keeps what two readers say apart, and shows the newest verdict", () => {
  const { store } = sampleAudit();
  store.apply(command(set([1], "spurious", ["marker"])));
  store.apply(command(set([1], "sound"), { readerId: ben }));
  store.apply(command({ kind: "comment.set", item: 1, text: "see the corner" }));
  expect(store.judgements(1).map(({ readerId, verdict }) => [readerId, verdict])).toEqual([
    [ben, "sound"],
    [ann, "spurious"],
  ]);
  expect(store.rows(null, [1])[0]).toMatchObject({
    verdict: "sound",
    reasons: [],
    hasComment: true,
  });
  store.apply(command({ kind: "verdict.clear", items: [1] }, { readerId: ben }));
  expect(store.rows(null, [1])[0]).toMatchObject({ verdict: "spurious", reasons: ["marker"] });
});

it("undoes and does again without limit, each reader only their own, after a restart too", () => {
  const { folder, store } = sampleAudit();
  const steps: (Verdict | null)[] = [null];
  for (let step = 0; step < 40; step++) {
    const verdict = verdicts[step % verdicts.length];
    store.apply(command(set([2], verdict)));
    steps.push(verdict);
  }
  const foreign = store.apply(command(set([2], "unclear"), { readerId: ben }));
  store.closeNow();

  const again = openAudit(folder);
  const mine = () => again.judgements(2).find(({ readerId }) => readerId === ann)?.verdict ?? null;
  for (let left = 40; left > 0; left--) {
    expect(mine()).toBe(steps[left]);
    const last = again.lastAction(ann, "undo");
    expect(last).toMatchObject({ action: "verdict.set", item: 2 });
    again.apply(command({ kind: "undo", recordNo: last?.recordNo ?? 0 }));
  }
  expect(mine()).toBeNull();
  expect(again.lastAction(ann, "undo")).toBeNull();
  expect(again.lastAction(ben, "undo")?.recordNo).toBe(foreign.recordNo);
  for (let made = 1; made <= 40; made++) {
    again.apply(command({ kind: "redo", recordNo: again.lastAction(ann, "redo")?.recordNo ?? 0 }));
    expect(mine()).toBe(steps[made]);
  }
  expect(again.lastAction(ann, "redo")).toBeNull();
  again.closeNow();
});

it("a new action closes the way forward", () => {
  const { store } = sampleAudit();
  const first = store.apply(command(set([1], "sound")));
  store.apply(command({ kind: "undo", recordNo: first.recordNo }));
  expect(store.lastAction(ann, "redo")?.recordNo).toBe(first.recordNo);
  store.apply(command(set([2], "mixed")));
  expect(store.lastAction(ann, "redo")).toBeNull();
});

it("undoing an earlier action leaves what was said after it", () => {
  const { store } = sampleAudit();
  const bulk = store.apply(command(set([1, 2, 3], "sound")));
  store.apply(command(set([2], "spurious")));
  store.apply(command({ kind: "undo", recordNo: bulk.recordNo }));
  expect([1, 2, 3].map((item) => store.judgements(item)[0]?.verdict ?? null)).toEqual([
    null,
    "spurious",
    null,
  ]);
  const last = store.lastAction(ann, "undo");
  store.apply(command({ kind: "undo", recordNo: last?.recordNo ?? 0 }));
  expect(store.judgements(2)).toEqual([]); // not the bulk verdict, which no longer holds
});

it("undo of a region that was changed since by someone else keeps their change", () => {
  const { store } = sampleAudit();
  const region = "region-1" as RegionId;
  const added = store.apply(
    command({ kind: "region.add", region, item: 4, regionKind: "shortcut", shape: rect, note: "" }),
  );
  store.apply(
    command(
      { kind: "region.change", region, regionKind: "ignore", shape: rect, note: "theirs" },
      { readerId: ben },
    ),
  );
  store.apply(command({ kind: "undo", recordNo: added.recordNo }));
  expect(store.regions(4)).toMatchObject([
    { id: region, kind: "ignore", note: "theirs", readerId: ann },
  ]);
  const removed = store.apply(command({ kind: "region.remove", region }, { readerId: ben }));
  expect(store.regions(4)).toEqual([]);
  expect(store.lastAction(ben, "undo")).toMatchObject({ action: "region.remove", item: 4 });
  store.apply(command({ kind: "undo", recordNo: removed.recordNo }, { readerId: ben }));
  expect(store.regions(4)).toMatchObject([{ note: "theirs" }]);
  expect(store.detail(null, 4).history.map(({ action, isUndone }) => [action, isUndone])).toEqual([
    ["undo", false],
    ["region.remove", true],
    ["undo", false],
    ["region.change", false],
    ["region.add", true],
  ]);
});

it("refuses what cannot be, and records nothing", () => {
  const { store } = sampleAudit({ items: 3 });
  const mine = store.apply(command(set([1], "sound")));
  const tip = store.recordTip();
  const refused: [CommandBody, string, ReaderId?][] = [
    [set([1, 3], "sound"), "audit/item-unknown"],
    [set([1], "sound"), "audit/reader-unknown", "stranger" as ReaderId],
    [{ kind: "region.remove", region: "none" as RegionId }, "audit/region-unknown"],
    [{ kind: "undo", recordNo: 1 }, "audit/cannot-undo"], // the audit's creation
    [{ kind: "undo", recordNo: 999 }, "audit/cannot-undo"],
    [{ kind: "undo", recordNo: mine.recordNo }, "audit/cannot-undo", ben],
    [{ kind: "redo", recordNo: mine.recordNo }, "audit/cannot-redo"],
  ];
  for (const [body, code, readerId = ann] of refused)
    expect(() => store.apply(command(body, { readerId })), code).toThrowError(
      expect.objectContaining({ code }),
    );
  expect(store.recordTip()).toEqual(tip);
  expect(store.judgements(1)).toMatchObject([{ verdict: "sound" }]);
});

it("makes queues with their read counts, once each", () => {
  const { store } = sampleAudit();
  const queue = "queue-1" as QueueId;
  const create: CommandBody = {
    kind: "queue.create",
    queue,
    name: "Random sample",
    rule: { kind: "random", seed: 7, size: 3, listSha256: "ab" },
    items: [5, 1, 3],
  };
  const made = store.apply(command(create));
  expect(() => store.apply(command(create))).toThrowError(
    expect.objectContaining({ code: "audit/queue-exists" }),
  );
  store.apply(command({ ...set([1, 5, 6], "sound"), view: { ...view, queue } } as CommandBody));
  expect(store.queues()).toEqual([
    { id: queue, name: "Random sample", rule: create.rule, items: [5, 1, 3], read: 2 },
  ]);
  store.apply(command({ kind: "undo", recordNo: made.recordNo }));
  expect(store.queues()).toEqual([]);
  store.apply(command({ kind: "redo", recordNo: made.recordNo }));
  expect(store.queues()).toMatchObject([{ items: [5, 1, 3], read: 2 }]);
});

it("counts a random sample's items as read only where they were judged in it (RX-61)", () => {
  const { store } = sampleAudit();
  const [random, other] = ["random", "other"] as QueueId[];
  const rules = [
    { kind: "random", seed: 7, size: 3, listSha256: "ab" },
    { kind: "filter", words: "" },
  ] as const;
  for (const [i, queue] of [random, other].entries())
    store.apply(
      command({ kind: "queue.create", queue, name: queue, rule: rules[i], items: [5, 1, 3] }),
    );
  store.apply(command(set([1, 5], "sound")));
  expect([store.readItems(random), store.readItems(other)]).toEqual([[], [5, 1]]);
  store.apply(command({ ...set([1], "sound"), view: { ...view, queue: random } } as CommandBody));
  store.apply(command(set([1], "spurious"))); // a later change of mind does not unread it
  expect([store.readItems(random), store.readItems(other)]).toEqual([[1], [5, 1]]);
});

it("the record alone gives every table that people made", () => {
  const { folder, store } = sampleAudit({ items: 8 });
  const random = createRandom(4);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const regionOf = () => `region-${Math.floor(random() * 6)}` as RegionId;
  const anyCommand = (step: number, reader: ReaderId): CommandBody => {
    const item = Math.floor(random() * 8);
    const bodies: (() => CommandBody)[] = [
      () => set([item, (item + 1) % 8], pick(verdicts), [pick(Object.values(reasons))]),
      () => ({ kind: "verdict.clear", items: [item] }),
      () => ({ kind: "reason.set", item, reasons: [pick(Object.values(reasons))] }),
      () => ({ kind: "certainty.set", item, certainty: pick([1, 2, 3, null]) }),
      () => ({ kind: "comment.set", item, text: pick(["", `step ${step}`]) }),
      () => ({ kind: "fault.set", item, fault: pick([...faults, null]) }),
      () => ({ kind: "discuss.set", item, discuss: random() < 0.5 }),
      () => ({
        kind: "region.add",
        region: regionOf(),
        item,
        regionKind: pick(regionKinds),
        shape: rect,
        note: "",
      }),
      () => ({
        kind: "region.change",
        region: regionOf(),
        regionKind: pick(regionKinds),
        shape: rect,
        note: "n",
      }),
      () => ({ kind: "region.remove", region: regionOf() }),
      () => ({
        kind: "queue.create",
        queue: `queue-${step}` as QueueId,
        name: `Q ${step}`,
        rule: { kind: "filter", words: "" },
        items: [item],
      }),
      () => ({
        kind: "report.text",
        field: pick(["summary", "limits"]),
        text: pick(["", `text ${step}`]),
      }),
      () => ({ kind: "undo", recordNo: store.lastAction(reader, "undo")?.recordNo ?? 1 }),
      () => ({ kind: "undo", recordNo: 1 + Math.floor(random() * store.recordTip().no) }),
      () => ({ kind: "redo", recordNo: store.lastAction(reader, "redo")?.recordNo ?? 1 }),
    ];
    return pick(bodies)();
  };
  const refused = ["audit/cannot-undo", "audit/cannot-redo", "audit/region-unknown"];
  let applied = 0;
  for (let step = 0; step < 600; step++) {
    const readerId = pick([ann, ben]);
    try {
      store.apply(command(anyCommand(step, readerId), { readerId }));
      applied++;
    } catch (error) {
      expect(refused).toContain((error as { code: string }).code); // what `fail` throws
    }
  }
  expect(applied).toBeGreaterThan(400);

  const before = tables(folder);
  expect(before["judgement"].length).toBeGreaterThan(5);
  expect(before["region"].length).toBeGreaterThan(1);
  store.rebuildState();
  expect(tables(folder)).toEqual(before);
  expect(store.verifyRecord()).toEqual([]);
});

function tables(folder: string): Record<string, unknown[]> {
  const database = new DatabaseSync(join(folder, "audit.sqlite"), { readOnly: true });
  const names = [
    "change",
    "action",
    "judgement",
    "region",
    "report_text",
    "queue",
    "queue_item",
    "reader",
  ];
  const content = names.map(
    (name) => [name, database.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()] as const,
  );
  database.close();
  return Object.fromEntries(content);
}
