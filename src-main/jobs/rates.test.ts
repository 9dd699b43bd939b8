import { describe, expect, it } from "vitest";
import type { ItemNo } from "../../shared/domain/ids.ts";
import { wilson } from "../../shared/statistics/proportion.ts";
import { ann, ben, command, sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import { cat, freezePlan, itemsOf, judge, plainAudit } from "../../test/support/planned-audit.ts";
import { planProgress, worklistOf } from "./plan-progress.ts";
import { ratesOf } from "./rates.ts";

/** Reads items in the sample: the first `found` of them Spurious, the others Sound. */
function readAll(
  store: Parameters<typeof judge>[0],
  items: readonly ItemNo[],
  found: number,
  given: Parameters<typeof judge>[3],
): void {
  items.forEach((no, i) => judge(store, no, i < found ? "spurious" : "sound", given));
}

describe("the rate of a plan", () => {
  it("covers the planted 12 % over twenty seeds, through the store", () => {
    const { store } = plainAudit(1000);
    const planted = (no: ItemNo) => no % 25 < 3;
    let covered = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { queue } = freezePlan(store, { seed }).sample;
      const items = itemsOf(store, queue);
      judge(store, items.filter(planted), "spurious", { queue });
      judge(
        store,
        items.filter((no) => !planted(no)),
        "sound",
        { queue },
      );
      const { overall } = ratesOf(store);
      const k = items.filter(planted).length;
      expect(overall).toMatchObject({ k, n: 60, method: "wilson", interval: wilson({ k, n: 60 }) });
      if (overall && overall.interval.low <= 0.12 && 0.12 <= overall.interval.high) covered += 1;
    }
    // Exact coverage is 96.3 %: fewer than 16 of 20 has a chance of 4 in 10,000.
    expect(covered).toBeGreaterThanOrEqual(16);
  }, 30_000);

  it("counts nothing said elsewhere, among the suspects or before it was frozen", () => {
    const { store } = plainAudit(100);
    judge(store, 0, "spurious", { queue: null });
    const plan = freezePlan(store, { filter: { name: "some", items: [1, 2, 3] } });
    const [first, second] = itemsOf(store, plan.sample.queue);
    judge(store, first, "spurious", { queue: plan.searches[0].queue });
    expect(ratesOf(store)).toMatchObject({ read: 0, overall: null, cause: "not-read" });
    judge(store, first, "sound", { queue: plan.sample.queue });
    judge(store, second, "spurious", { queue: plan.sample.queue });
    expect(ratesOf(store).overall).toMatchObject({ k: 1, n: 2 });
    // Said again outside the sample: what was said in it counts.
    judge(store, first, "spurious", { queue: plan.searches[0].queue });
    expect(ratesOf(store).overall).toMatchObject({ k: 1, n: 2 });
  });

  it("counts a verdict under an equal plan hash, and under no other", () => {
    const { store } = plainAudit(100);
    const one = freezePlan(store);
    readAll(store, itemsOf(store, one.sample.queue).slice(0, 10), 3, { queue: one.sample.queue });
    const two = freezePlan(store, { filter: { name: "some", items: [1] } });
    expect(two.hash).toBe(one.hash);
    expect(ratesOf(store).overall).toMatchObject({ k: 3, n: 10 });
    expect(store.queues().find(({ id }) => id === two.sample.queue)?.read).toBe(10);
    const three = freezePlan(store, { blind: "focus-blind" });
    expect(three.hash).not.toBe(one.hash);
    expect(ratesOf(store)).toMatchObject({ plan: 3, read: 0 });
  });

  it("forgets a verdict that was undone or withdrawn", () => {
    const { store } = plainAudit(100);
    const { queue } = freezePlan(store).sample;
    const [a, b] = itemsOf(store, queue);
    judge(store, a, "sound", { queue });
    const recordNo = judge(store, b, "spurious", { queue });
    store.apply(command({ kind: "undo", recordNo }));
    expect(ratesOf(store).overall).toMatchObject({ k: 0, n: 1 });
    store.apply(command({ kind: "verdict.clear", items: [a] }));
    expect(ratesOf(store).read).toBe(0);
  });

  it("is weighted back where strata were read at different shares", () => {
    const { store } = plainAudit(400, (no) => ({ label: no < 300 ? "a" : "b" }));
    const { queue, partOf } = freezePlan(store, {
      strata: ["class"],
      wish: { kind: "size", size: 80 },
    }).sample;
    const items = itemsOf(store, queue);
    const of = (part: number) => items.filter((_, i) => partOf[i] === part);
    expect([of(0).length, of(1).length]).toEqual([60, 20]);
    readAll(store, of(0).slice(0, 30), 3, { queue });
    readAll(store, of(1), 10, { queue });
    // (300 · 3/30 + 100 · 10/20) / 400
    const { overall, groups } = ratesOf(store);
    expect(overall).toMatchObject({ k: 13, n: 50, method: "stratified" });
    expect(overall?.p).toBeCloseTo(0.2, 12);
    const named = groups.map(({ kind, name, rate }) => [
      kind,
      name,
      rate?.k,
      rate?.n,
      rate?.method,
    ]);
    expect(named).toEqual([
      ["class", "a", 3, 30, "wilson"],
      ["class", "b", 10, 20, "wilson"],
    ]);
    expect(groups[1].rate?.p).toBeCloseTo(0.5, 12);
  });

  it("counts patients where they repeat", () => {
    const { store } = plainAudit(400, (no) => ({ group: `p${no >> 2}` }));
    const { queue } = freezePlan(store).sample;
    readAll(store, itemsOf(store, queue), 12, { queue });
    const { overall } = ratesOf(store);
    expect(overall).toMatchObject({ k: 12, n: 60, method: "clustered" });
    expect(overall?.patients).toBeLessThan(60);
  });

  it("waits for the end where the sample is read by score", () => {
    const { store, run } = sampleAudit({ items: 30 });
    store.commitBatch(
      run,
      Array.from({ length: 30 }, (_, no) => sampleOutcome(no)),
    );
    store.setScores(
      run,
      "suspicion",
      Float32Array.from({ length: 30 }, (_, no) => no / 100),
    );
    const { queue } = freezePlan(store, {
      run,
      order: "by-score",
      wish: { kind: "size", size: 9 },
    }).sample;
    const items = itemsOf(store, queue);
    readAll(store, items.slice(0, 8), 8, { queue }); // the most suspect first
    expect(ratesOf(store)).toMatchObject({ read: 8, overall: null, cause: "order", groups: [] });
    judge(store, items[8], "sound", { queue });
    expect(ratesOf(store).overall).toMatchObject({ k: 8, n: 9 });
  });

  it("comes from a run's own sample before there is a plan", () => {
    const { store } = plainAudit(100);
    const queue = "automatic" as never; // an id as a run makes it
    store.createQueue({
      id: queue,
      name: "Random sample",
      rule: { kind: "random", seed: 1, size: 3, listSha256: "" },
      items: [5, 6, 7],
    });
    judge(store, 6, "spurious", { queue });
    expect(ratesOf(store)).toMatchObject({
      plan: null,
      size: 3,
      overall: { k: 1, n: 1, method: "wilson" },
    });
  });

  it("rejects as soon as more than c are found, and accepts at the end", () => {
    const { store } = plainAudit(1000);
    const { queue } = freezePlan(store, {
      wish: { kind: "size", size: 80 },
      acceptance: { good: 0.02, bad: 0.1 }, // 7.5: n 65, c 3
    }).sample;
    const items = itemsOf(store, queue);
    readAll(store, items.slice(0, 64), 3, { queue });
    expect(ratesOf(store).acceptance).toMatchObject({ read: 64, found: 3, decision: "open" });
    judge(store, items[64], "sound", { queue });
    judge(store, items[70], "spurious", { queue }); // beyond the test's 65
    expect(ratesOf(store).acceptance).toMatchObject({ read: 65, found: 3, decision: "accept" });
    judge(store, items[64], "spurious", { queue });
    expect(ratesOf(store).acceptance).toMatchObject({ found: 4, decision: "reject" });
  });
});

describe("second readings", () => {
  const planned = () => {
    const { store } = plainAudit(200);
    const plan = freezePlan(store, {
      wish: { kind: "size", size: 20 },
      first: [ann],
      second: [ben],
      secondSize: 10,
      blind: "reader-blind",
    });
    const second = plan.reading.secondReading?.queue ?? null;
    return { store, plan, second, sample: itemsOf(store, plan.sample.queue) };
  };

  it("give agreement, disagreements and a third person's word", () => {
    const { store, plan, second, sample } = planned();
    readAll(store, sample, 5, { queue: plan.sample.queue });
    const shared = itemsOf(store, second ?? undefined);
    const firstSaid = (no: ItemNo) => (sample.indexOf(no) < 5 ? "spurious" : "sound");
    const odd = shared.find((no) => firstSaid(no) === "sound") ?? -1;
    for (const no of shared)
      judge(store, no, no === odd ? "spurious" : firstSaid(no), { queue: second, reader: ben });
    const before = ratesOf(store);
    expect(before.overall).toMatchObject({ k: 5, n: 20 });
    expect(before.agreement).toMatchObject({ shared: 10, raw: 0.9, kappa: { of: "cohen" } });
    expect(before.disagreements).toEqual([
      {
        item: odd,
        verdicts: [
          { reader: ann, verdict: "sound" },
          { reader: ben, verdict: "spurious" },
        ],
        settled: null,
      },
    ]);
    judge(store, odd, "spurious", { queue: plan.reading.adjudication, reader: cat });
    const after = ratesOf(store);
    expect(after.disagreements[0].settled).toEqual({ reader: cat, verdict: "spurious" });
    expect(after.overall).toMatchObject({ k: 6, n: 20 });
    expect(after.agreement).toMatchObject({ shared: 10, raw: 0.9 });
  });

  it("say 'no variation' where all verdicts are equal", () => {
    const { store, plan, second, sample } = planned();
    readAll(store, sample, 0, { queue: plan.sample.queue });
    readAll(store, itemsOf(store, second ?? undefined), 0, { queue: second, reader: ben });
    expect(ratesOf(store).agreement).toMatchObject({
      raw: 1,
      alpha: { estimate: { kind: "no-variation" }, interval: null },
      isReliable: null,
    });
  });

  it("are each reader's own list, and never the first reader's", () => {
    const { store, plan, second, sample } = planned();
    const queue = second ?? plan.sample.queue;
    judge(store, sample[2], "sound", { queue: plan.sample.queue });
    expect(worklistOf(store, plan.sample.queue, ann)).toEqual({ items: sample, read: [sample[2]] });
    expect(worklistOf(store, plan.sample.queue, ben).items).toEqual([]);
    expect(worklistOf(store, queue, ben).items).toHaveLength(10);
    expect(worklistOf(store, queue, ann).items).toEqual([]);
  });

  it("show their progress by queue, reader and class", () => {
    const { store, plan, second, sample } = planned();
    readAll(store, sample.slice(0, 12), 0, { queue: plan.sample.queue, seconds: 4 });
    judge(store, itemsOf(store, second ?? undefined)[0], "sound", { queue: second, reader: ben });
    const [random, twice] = planProgress(store);
    expect(random).toMatchObject({
      role: "random",
      of: 20,
      read: 12,
      readers: [{ reader: ann, of: 20, read: 12 }],
      classes: [{ name: "a", of: 20, read: 12 }],
    });
    // (12 · 4 + 6) / 13 seconds each, eight left
    expect(random.secondsLeft).toBe(Math.round((8 * 54) / 13));
    expect(twice).toMatchObject({
      role: "second",
      of: 10,
      read: 1,
      readers: [{ reader: ben, of: 10, read: 1 }],
    });
  });

  it("take in what the first reader calls Spurious, when wished", () => {
    const { store } = plainAudit(100);
    const plan = freezePlan(store, {
      wish: { kind: "size", size: 20 },
      secondSize: 2,
      allSpurious: true,
    });
    const second = plan.reading.secondReading?.queue;
    const sample = itemsOf(store, plan.sample.queue);
    const fixed = itemsOf(store, second);
    const own = sample.filter((no) => !fixed.includes(no));
    const recordNo = judge(store, own[3], "spurious", { queue: plan.sample.queue });
    judge(store, own[1], "spurious", { queue: plan.sample.queue });
    expect(itemsOf(store, second)).toEqual([...fixed, own[1], own[3]]);
    store.apply(command({ kind: "undo", recordNo }));
    expect(itemsOf(store, second)).toEqual([...fixed, own[1]]);
  });
});
