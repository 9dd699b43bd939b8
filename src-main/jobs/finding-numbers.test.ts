import { describe, expect, it } from "vitest";
import type { FindingId, ItemNo, QueueId } from "../../shared/domain/ids.ts";
import { ann, command, sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import { judge } from "../../test/support/planned-audit.ts";
import { findingNumbers, runOfFindings } from "./finding-numbers.ts";

const id = "marker" as FindingId;
const sample = "sample" as QueueId;

/** Twelve items, odd ones nodules, "nodule" answered for 0, 1, 4, 5, 8 and 9; a finding of 0, 1 and 4. */
function found(items: readonly ItemNo[] = [0, 1, 4]) {
  const { store, run } = sampleAudit();
  store.commitBatch(
    run,
    Array.from({ length: 12 }, (_, no) => sampleOutcome(no)),
  );
  store.apply(command({ kind: "finding.create", finding: id, fields: {}, items }));
  const numbers = () => findingNumbers(store, [store.finding(id)], run)[0];
  return { store, run, numbers };
}

describe("the numbers of a finding", () => {
  it("are right answers with and without its items, by hand", () => {
    const { store, run, numbers } = found();
    expect(runOfFindings(store)).toBe(run);
    // right are 1, 2, 5, 6, 9 and 10
    expect(numbers()).toMatchObject({
      found: 3,
      accuracy: {
        all: { k: 6, n: 12 },
        within: { k: 1, n: 3 },
        without: { k: 5, n: 9 },
      },
      classes: [
        { name: "clear", within: { k: 0, n: 2 }, without: { k: 3, n: 4 } },
        { name: "nodule", within: { k: 1, n: 1 }, without: { k: 2, n: 5 } },
      ],
      noLongerSpurious: [],
    });
  });

  it("are of its classes where it names some", () => {
    const { store, numbers } = found();
    store.apply(command({ kind: "finding.change", finding: id, changes: { classes: ["nodule"] } }));
    expect(numbers().classes).toEqual([
      { name: "nodule", within: { k: 1, n: 1 }, without: { k: 2, n: 5 } },
    ]);
  });

  it("are its share by site", () => {
    expect(found().numbers().sites).toEqual([
      { name: "site 0", k: 2, of: 3 },
      { name: "site 1", k: 1, of: 3 },
    ]);
  });

  it("are a rate with Wilson's interval from what was read in the random sample alone", () => {
    const { store, numbers } = found();
    expect(numbers()).toMatchObject({ rate: null, rateCause: "no-sample" });
    const rule = { kind: "random", seed: 1, size: 5, listSha256: "" } as const;
    const items = [0, 2, 4, 6, 8]; // five patients
    store.apply(
      command({ kind: "queue.create", queue: sample, name: "Random sample", rule, items }),
    );
    judge(store, 1, "spurious", { queue: null });
    judge(store, 0, "spurious", { queue: null }); // in the sample, but not judged in it
    expect(numbers()).toMatchObject({ rate: null, rateCause: "not-read" });
    for (const item of [0, 2, 4, 6])
      judge(store, item, item === 0 ? "spurious" : "sound", { queue: sample });
    const { rate } = numbers();
    // z² = 3.8415: 1.96 √(0.25/4 + 3.8415/64) / (1 + 3.8415/4) = 0.3500 around 1/2
    expect(rate).toMatchObject({ k: 2, n: 4, p: 0.5, method: "wilson" });
    expect(rate?.interval.low).toBeCloseTo(0.15, 3);
    expect(rate?.interval.high).toBeCloseTo(0.85, 3);
  });

  it("say which of its items nobody calls Spurious any more", () => {
    const { store, numbers } = found();
    judge(store, 4, "spurious", { reader: ann, queue: null });
    judge(store, 4, "sound", { reader: ann, queue: null });
    expect(numbers().noLongerSpurious).toEqual([4]);
  });

  it("have no accuracy without a run", () => {
    const { store } = found();
    expect(findingNumbers(store, [store.finding(id)], null)).toMatchObject([
      { accuracy: null, classes: [] },
    ]);
  });
});
