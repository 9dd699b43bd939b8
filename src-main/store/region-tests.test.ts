import { expect, it } from "vitest";
import type { CommandBody } from "../../shared/domain/command.ts";
import type { RegionId, TestId } from "../../shared/domain/ids.ts";
import type { MeasuredTest } from "../../shared/domain/region-test.ts";
import { ann, ben, command, sampleAudit, sampleRunId } from "../../test/support/sample-audit.ts";
import { openAudit } from "./open-audit.ts";

const result: MeasuredTest = {
  target: 1,
  scoreBefore: 0.97,
  scoreAfter: 0.21,
  classBefore: 1,
  classAfter: 0,
  second: { fill: "neighbours", scoreAfter: 0.3 },
  controls: [{ x: 0.5, y: 0.5, w: 0.1, h: 0.1, drop: 0.04 }],
  controlsPlanned: 1,
  isByHeat: true,
  covered: 0.02,
};

const run: CommandBody = {
  kind: "test.run",
  test: "test-1" as TestId,
  item: 3,
  run: sampleRunId,
  region: "region-1" as RegionId,
  shape: { kind: "ellipse", x: 0.1, y: 0.1, w: 0.2, h: 0.1 },
  fill: "blur",
  seed: 1,
  result,
};

it("keeps a test with its item, who made it and when, and shows it in the item's history", () => {
  const { store } = sampleAudit();
  const { recordNo, at } = store.apply(command(run, { readerId: ann }));
  expect(store.regionTests(3)).toEqual([
    {
      id: "test-1",
      item: 3,
      run: sampleRunId,
      region: "region-1",
      shape: run.kind === "test.run" && run.shape,
      fill: "blur",
      seed: 1,
      result,
      readerId: ann,
      recordNo,
      at,
    },
  ]);
  expect(store.regionTests(4)).toEqual([]);
  const [entry] = store.detail(sampleRunId, 3).history;
  expect(entry).toMatchObject({ action: "test.run", recordNo, reader: "Ann" });
});

it("is undone and redone like any action, by the one who made it", () => {
  const { store } = sampleAudit();
  const { recordNo } = store.apply(command(run, { readerId: ann }));
  expect(store.lastAction(ann, "undo")).toMatchObject({ recordNo, item: 3, action: "test.run" });
  expect(store.lastAction(ben, "undo")).toBeNull();
  store.apply(command({ kind: "undo", recordNo }, { readerId: ann }));
  expect(store.regionTests(3)).toEqual([]);
  store.apply(command({ kind: "redo", recordNo }, { readerId: ann }));
  expect(store.regionTests(3)).toHaveLength(1);
});

it("comes back when the state is made anew from the record", () => {
  const { store } = sampleAudit();
  store.apply(command(run, { readerId: ann }));
  const before = store.regionTests(3);
  store.rebuildState();
  expect(store.regionTests(3)).toEqual(before);
  expect([...store.allRegionTests()]).toEqual(before);
});

it("tells who listens that the item changed", () => {
  const { store } = sampleAudit();
  const items: number[] = [];
  store.onChange((change) => {
    if (change.kind === "items") items.push(...change.items);
  });
  store.apply(command(run, { readerId: ann }));
  expect(items).toEqual([3]);
});

it("is kept without a person where nobody is known, and then nobody can undo it", async () => {
  const { store, folder } = sampleAudit();
  if (run.kind !== "test.run") return;
  store.addRegionTest(run);
  expect(store.lastAction(ann, "undo")).toBeNull();
  await store.close();
  const again = openAudit(folder, { readOnly: true });
  expect(again.regionTest("test-1" as TestId)).toMatchObject({ readerId: null, item: 3 });
  await again.close();
});
