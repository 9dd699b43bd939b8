import { expect, it } from "vitest";
import { freezePlan, itemsOf, judge } from "../../test/support/planned-audit.ts";
import { sampleAudit, sampleOutcome } from "../../test/support/sample-audit.ts";
import { overviewOf } from "./overview.ts";

it("tells quadrants as judged in the sample, else as predicted, and each class", () => {
  const { store, run } = sampleAudit({ items: 8 });
  // Items 0, 1, 4 and 5 are called nodule; odd ones are nodules: 1, 2, 5 and 6 are right.
  store.commitBatch(
    run,
    Array.from({ length: 8 }, (_, no) =>
      sampleOutcome(no, { metrics: { inside_energy: no / 10, entropy: 0.5 } }),
    ),
  );
  store.setAssessments(
    run,
    Array.from({ length: 8 }, (_, item) => ({
      item,
      measures: { suspicion: item / 8 },
      evidenceLevel: "E0" as const,
      why: "",
      predictedFocus: item < 4 ? ("on" as const) : ("elsewhere" as const),
    })),
  );
  const none = overviewOf(store, run);
  expect(none.judged).toEqual({ "right-on": 0, "right-off": 0, "wrong-on": 0, "wrong-off": 0 });
  expect(none.predicted).toEqual({ "right-on": 2, "right-off": 2, "wrong-on": 2, "wrong-off": 2 });
  const { queue } = freezePlan(store, { wish: { kind: "size", size: 8 } }).sample;
  expect(itemsOf(store, queue)).toHaveLength(8);
  judge(store, 1, "spurious", { queue }); // right, predicted on
  judge(store, 0, "unclear", { queue }); // wrong, predicted on: in no quadrant
  judge(store, 2, "spurious", { queue: null }); // outside the sample
  const some = overviewOf(store, run);
  expect(some.judged).toEqual({ ...none.judged, "right-off": 1 });
  expect(some.predicted).toEqual({ ...none.predicted, "right-on": 1, "wrong-on": 1 });
  expect(some.answered).toEqual({ right: 4, n: 8 });
  const [clear, nodule] = some.classes;
  expect(clear).toMatchObject({ name: "clear", items: 4, answered: { right: 2, n: 4 } });
  expect(clear.inside?.mean).toBeCloseTo((0 + 0.2 + 0.4 + 0.6) / 4, 6);
  expect(nodule.suspicion.reduce((a, b) => a + b, 0)).toBe(4);
  expect(nodule.suspicion[3]).toBe(1); // 1/8 of 24 bins
});

it("tells what there is without a run", () => {
  const { store } = sampleAudit({ items: 4 });
  expect(overviewOf(store, null)).toMatchObject({
    unplaced: 4,
    answered: { right: 0, n: 0 },
    classes: [
      { name: "clear", items: 2, inside: null },
      { name: "nodule", items: 2, inside: null },
    ],
  });
});
