import { describe, expect, it } from "vitest";
import type { BenchItem, BenchMapId } from "../../../shared/domain/bench.ts";
import type { EvaluationValues } from "../../../shared/domain/evaluation.ts";
import { byDisagreement, itemAgreement } from "./item-agreement.ts";

function itemOf(
  no: number,
  agreements: Readonly<Partial<Record<BenchMapId, number | "undefined">>>,
) {
  const panes = Object.entries(agreements).map(([id, value]) => ({
    id: id as BenchMapId, // keys of a record of columns
    flags: [],
    raw: null,
    values: { method_agreement: value } satisfies EvaluationValues,
    error: null,
  }));
  const nothing = { target: null, predicted: null, probability: null, seen: null, error: null };
  const item: BenchItem = {
    ...{ no, path: `${no}.png`, label: null, widthPx: null, heightPx: null },
    ...nothing,
    panes,
  };
  return item;
}

describe("the agreement of methods on a picture", () => {
  it("is the mean over the methods; references and undefined ones do not count", () => {
    // Pairs of three maps correlate 0.2, 0.5 and 0.8: each map's mean is 0.35, 0.5, 0.65.
    const item = itemOf(0, {
      cam: 0.35,
      layercam: 0.5,
      "grad-cam": 0.65,
      edges: -1,
      fem: "undefined",
    });
    expect(itemAgreement(item)).toEqual({ value: 0.5, methods: 3 });
    expect(itemAgreement(itemOf(1, { cam: "undefined" }))).toEqual({ value: null, methods: 0 });
  });

  it("orders by the least, those without a value last", () => {
    const items = [
      itemOf(0, { cam: 0.9 }),
      itemOf(1, { cam: "undefined" }),
      itemOf(2, { cam: -0.4 }),
      itemOf(3, { cam: "undefined" }),
      itemOf(4, { cam: 0.1 }),
    ];
    expect(byDisagreement(items).map(({ no }) => no)).toEqual([2, 4, 0, 1, 3]);
  });
});
