import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { RunId } from "../../shared/domain/ids.ts";
import { roleOfQueue } from "../../shared/domain/plan.ts";
import { ann, command, sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import {
  freezePlan,
  itemsOf,
  judge,
  plainAudit,
  planChoices,
} from "../../test/support/planned-audit.ts";
import { drawPlan, planOf } from "./draw-plan.ts";
import { previewPlan } from "./plan-preview.ts";

/** The sample audit with its run mapped and scored: item no has suspicion no / 100. */
function scoredAudit(items: number) {
  const { store, run } = sampleAudit({ items });
  store.commitBatch(
    run,
    Array.from({ length: items }, (_, no) => sampleOutcome(no)),
  );
  store.setScores(
    run,
    "suspicion",
    Float32Array.from({ length: items }, (_, no) => no / 100),
  );
  return { store, run };
}

describe("a drawn plan", () => {
  it("draws the same list again from the same seed, another from another", () => {
    const { store } = plainAudit(300);
    const list = (seed: number) => drawPlan(store, planChoices({ seed })).sample;
    expect(list(7)).toHaveLength(60);
    expect(new Set(list(7)).size).toBe(60);
    expect(list(7)).toEqual(list(7));
    expect(list(8)).not.toEqual(list(7));
  });

  it("sizes a sample from its margin, corrected for a small set", () => {
    const { store } = plainAudit(240);
    const preview = previewPlan(store, planChoices({ wish: { kind: "margin", margin: 0.05 } }));
    // 384.1459 / (1 + 383.1459/240) = 147.95; of 1,067.07 and 2,400.91 likewise 196.10 and 218.35
    expect(preview.size).toBe(148);
    expect(preview.margins).toEqual([
      { margin: 0.05, size: 148 },
      { margin: 0.03, size: 197 },
      { margin: 0.02, size: 219 },
    ]);
    expect(preview.seconds).toBe(148 * 6);
  });

  it("never draws what cannot be read", () => {
    const error = { code: "image/unreadable", details: { file: "x", why: "damaged" } } as const;
    const { store } = plainAudit(30, (no) => (no < 10 ? { error } : {}));
    const drawn = drawPlan(store, planChoices());
    expect(drawn.sample.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 10),
    );
  });

  it("forms strata by class and answer, and remembers the part of each item", () => {
    const { store, run } = scoredAudit(240);
    const { plan, queues } = planOf(
      store,
      planChoices({ strata: ["class", "answer"], run, wish: { kind: "size", size: 80 } }),
      { no: 1, reason: "" },
    );
    // Items 4m and 4m+1 are called nodule, odd ones are nodules: sixty each way of two classes.
    expect(
      plan.sample.parts.map(({ cells, size, drawn }) => [cells[0].join("/"), size, drawn]),
    ).toEqual([
      ["clear/right", 60, 20],
      ["clear/wrong", 60, 20],
      ["nodule/right", 60, 20],
      ["nodule/wrong", 60, 20],
    ]);
    const part = (no: number) => (no % 2 ? 2 : 0) + (no % 4 < 2 === Boolean(no % 2) ? 0 : 1);
    expect(plan.sample.partOf).toEqual(queues[0].items.map(part));
  });

  it("takes suspects from the top, above a score and at most so many of a class", () => {
    const { store, run } = scoredAudit(60);
    const suspects = (choice: {
      top: number | null;
      above: number | null;
      perClass: number | null;
    }) => drawPlan(store, planChoices({ run, suspects: choice })).suspects;
    expect(suspects({ top: 3, above: null, perClass: null })).toEqual([59, 58, 57]);
    expect(suspects({ top: null, above: 0.565, perClass: null })).toEqual([59, 58, 57]);
    expect(suspects({ top: 4, above: null, perClass: 1 })).toEqual([59, 58]);
  });

  it("reads by score when told to, the second reading in an order of its own", () => {
    const { store, run } = scoredAudit(200);
    const { sample, second } = drawPlan(
      store,
      planChoices({ run, order: "by-score", secondSize: null }),
    );
    expect(sample).toEqual(sample.toSorted((a, b) => b - a));
    expect(second).toHaveLength(50);
    expect(second).not.toEqual(second.toSorted((a, b) => b - a));
    expect(second.every((no) => sample.includes(no))).toBe(true);
  });

  it("needs a run for what only a run knows", () => {
    const { store } = plainAudit(30);
    expect(() => drawPlan(store, planChoices({ strata: ["answer"] }))).toThrow(
      expect.objectContaining({ code: "plan/needs-run" }),
    );
  });

  it("refuses an acceptance test that its sample cannot hold", () => {
    const { store } = plainAudit(1000);
    const freeze = (changes: Parameters<typeof planChoices>[0]) => () =>
      planOf(store, planChoices(changes), { no: 1, reason: "" });
    // 7.5: 65 read, 3 allowed
    expect(freeze({ acceptance: { good: 0.02, bad: 0.1 } })).toThrow(
      expect.objectContaining({ code: "plan/acceptance-size", details: { n: 65, size: 60 } }),
    );
    expect(freeze({ acceptance: { good: 0.1, bad: 0.1 } })).toThrow(
      expect.objectContaining({ code: "plan/acceptance-rates" }),
    );
  });
});

describe("a frozen plan", () => {
  it("stands in the record with its seed, its list's hash and its rules", () => {
    const { store } = plainAudit(100);
    const plan = freezePlan(store, { seed: 42, blind: "reader-blind", secondSize: null });
    const [entry] = store.record(plan.recordNo, 1);
    expect(entry).toMatchObject({
      action: "plan.freeze",
      object: "plan/1",
      readerId: ann,
      after: {
        plan: {
          sample: { seed: 42, listSha256: plan.sample.listSha256 },
          reading: { blind: "reader-blind" },
        },
      },
    });
    const text = itemsOf(store, plan.sample.queue)
      .map((no) => `${no}\t${no}.png\n`)
      .join("");
    expect(plan.sample.listSha256).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it("cannot be undone; another takes its place and both are kept", () => {
    const { store } = plainAudit(100);
    const one = freezePlan(store);
    expect(() => store.apply(command({ kind: "undo", recordNo: one.recordNo }))).toThrow(
      expect.objectContaining({ code: "audit/cannot-undo" }),
    );
    expect(store.lastAction(ann, "undo")).toBeNull();
    const two = freezePlan(store, { seed: 2 });
    expect(store.plans().map(({ no, reason }) => [no, reason])).toEqual([
      [1, ""],
      [2, "for the test"],
    ]);
    const replaced = store.queues().map(({ id, isReplaced = false }) => [id, isReplaced]);
    expect(replaced).toEqual([
      [one.sample.queue, true],
      [two.sample.queue, false],
    ]);
  });

  it("takes the place of the sample that a run made", () => {
    const { store } = plainAudit(100);
    const automatic = "queue-automatic" as never; // an id as a run makes it
    store.createQueue({
      id: automatic,
      name: "Random sample",
      rule: { kind: "random", seed: 1, size: 3, listSha256: "" },
      items: [1, 2, 3],
    });
    expect(store.queues()[0]?.isReplaced).toBeUndefined();
    freezePlan(store);
    expect(store.queues()[0]?.isReplaced).toBe(true);
  });

  it("is made anew from the record alone, its growing queues too", () => {
    const { store } = plainAudit(100);
    const plan = freezePlan(store, { secondSize: 5, allSpurious: true });
    const { secondReading, adjudication } = plan.reading;
    for (const [i, no] of itemsOf(store, plan.sample.queue).entries())
      judge(store, no, i % 3 ? "sound" : "spurious", { queue: plan.sample.queue });
    const second = itemsOf(store, secondReading?.queue);
    expect(second.length).toBeGreaterThan(20); // five drawn, and twenty Spurious less those among the five
    judge(store, second[0], "mixed", {
      queue: secondReading?.queue ?? null,
      reader: "reader-ben" as typeof ann,
    });
    expect(itemsOf(store, adjudication ?? undefined)).toEqual([second[0]]);
    const before = [store.plans(), store.queues()];
    store.rebuildState();
    expect([store.plans(), store.queues()]).toEqual(before);
  });

  it("names each queue's part in it", () => {
    const { store, run } = scoredAudit(80);
    const plan = freezePlan(store, {
      run: run satisfies RunId,
      suspects: { top: 5, above: null, perClass: null },
      filter: { name: "Site 2", items: [2, 6] },
      secondSize: 10,
    });
    expect(store.queues().map(({ id }) => roleOfQueue(plan, id))).toEqual([
      "random",
      "second",
      "adjudication",
      "suspects",
      "filter",
    ]);
  });
});
