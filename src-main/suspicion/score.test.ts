import { describe, expect, it } from "vitest";
import { explain } from "./explain.ts";
import { quadrantOf } from "../../shared/domain/quadrant.ts";
import { predictFocus } from "./focus.ts";
import type { SuspectItem } from "./item.ts";
import { rankSuspects } from "./rank.ts";
import { scoreItem, weakLimit } from "./score.ts";

const run = { weakBelow: 1 };

/** A right answer at 0.9 whose heat lies mostly outside its evidence and in a corner. */
function item(changes: Partial<SuspectItem> = {}): SuspectItem {
  return {
    isCorrect: true,
    confidence: 0.9,
    flags: [],
    artefacts: {},
    ...changes,
    metrics: {
      raw_max: 8,
      focus: 0.1,
      inside_energy: 0.12,
      evidence_area: 0.06,
      border_share: 0.5,
      border: 0.21875, // (0.5 − 0.36) / 0.64
      corner: 0.4,
      text: 0,
      s4: 0,
      ...changes.metrics,
    },
  };
}

const withoutEvidence = { focus: "no-evidence", inside_energy: "no-evidence" } as const;

describe("the attention order", () => {
  it("is confidence × max(b, k, t) where nothing is known to be right", () => {
    const unlabelled = item({ isCorrect: null, metrics: { text: 0.6 } });
    const scored = scoreItem(unlabelled, run);
    expect(scored.score).toBe("no-label");
    expect(scored.attention).toBeCloseTo(0.9 * 0.6, 12);
  });

  it("is of unlabelled items alone, and of none on a shelf", () => {
    expect(scoreItem(item(), run).attention).toBeNull();
    const weak = item({ isCorrect: null, metrics: { raw_max: 0.5 } });
    expect(scoreItem(weak, run).attention).toBeNull();
  });
});

describe("suspicion", () => {
  it("is correct × confidence × (1 − g) with evidence", () => {
    expect(scoreItem(item(), run)).toMatchObject({
      score: 0.9 * 0.9,
      basis: "evidence",
      level: "E1",
    });
  });

  it("is correct × confidence × max(b, k, t) without", () => {
    const scored = scoreItem(item({ metrics: withoutEvidence }), run);
    expect(scored).toMatchObject({ score: 0.9 * 0.4, basis: "places" });
    const withText = scoreItem(item({ metrics: { ...withoutEvidence, text: 0.7 } }), run);
    expect(withText.score).toBeCloseTo(0.63, 12);
  });

  it("is 0 for a wrong answer and n/a without a label", () => {
    expect(scoreItem(item({ isCorrect: false }), run).score).toBe(0);
    expect(scoreItem(item({ isCorrect: null }), run)).toMatchObject({
      score: "no-label",
      shelf: null,
    });
  });

  it("puts weak maps on a shelf: raw maximum under the run's 5th percentile", () => {
    expect(scoreItem(item(), { weakBelow: 8 }).shelf).toBeNull();
    expect(scoreItem(item(), { weakBelow: 8.1 })).toMatchObject({
      score: "weak-map",
      shelf: "weak-map",
    });
    // 5th percentile of 0…20 is the value of rank 1
    expect(weakLimit(Array.from({ length: 21 }, (_, i) => i))).toBe(1);
    expect(weakLimit([])).toBeNull();
  });

  it("has a shelf for evidence too large to judge", () => {
    const scored = scoreItem(item({ metrics: { focus: "evidence-too-large" } }), run);
    expect(scored).toMatchObject({ score: "evidence-too-large", level: "E1" });
  });

  it("gives no score where there is no usable map", () => {
    for (const flag of ["flat", "no-positive-evidence", "non-finite"] as const)
      expect(scoreItem(item({ flags: [flag] }), run)).toMatchObject({
        score: "no-map",
        level: "E0",
      });
    expect(scoreItem({ ...item(), metrics: {} }, run).shelf).toBe("no-map");
    expect(scoreItem(item({ flags: ["sign-ambiguous"] }), run).shelf).toBeNull();
  });

  it("greys an item whose map the model does not need, and ranks it nowhere", () => {
    const scored = scoreItem(item({ metrics: { necessity: 0.04 } }), run);
    expect(scored).toMatchObject({ score: "gate-failed", level: "E0", greyed: 0.9 * 0.9 });
    expect(scoreItem(item({ metrics: { necessity: 0.05 } }), run).shelf).toBeNull();
    expect(rankSuspects([{ no: 1, score: scored.score }])).toEqual([]);
  });

  it("marks methods that disagree without taking the score away", () => {
    expect(scoreItem(item({ metrics: { agreement: 0.29 } }), run)).toMatchObject({
      methodsDisagree: true,
      shelf: null,
    });
    expect(scoreItem(item({ metrics: { agreement: "not-in-sample" } }), run).methodsDisagree).toBe(
      false,
    );
  });
});

describe("a run whose reliability sheet did not pass", () => {
  it("keeps its scores, and every one carries the warning", () => {
    for (const sheet of ["failed", "undefined"] as const) {
      const scored = scoreItem(item(), { ...run, sheet });
      expect(scored).toMatchObject({ score: 0.9 * 0.9, shelf: null, isWarned: true });
      expect(explain(item(), scored)).toMatch(
        /The reliability sheet of these maps did not pass\.$/,
      );
    }
    for (const sheet of ["passed", "not-made"] as const)
      expect(scoreItem(item(), { ...run, sheet }).isWarned).toBe(false);
  });
});

describe("ranking", () => {
  it("orders by falling score, ties by item number, and leaves out 0 and n/a", () => {
    const rows = [
      { no: 5, score: 0.5 },
      { no: 2, score: 0.5 },
      { no: 9, score: 0.7 },
      { no: 1, score: 0 },
      { no: 3, score: "weak-map" as const },
      { no: 4, score: null },
    ];
    expect(rankSuspects(rows)).toEqual([9, 2, 5]);
  });
});

describe("predicted focus", () => {
  const focusOf = (one: SuspectItem, weakBelow = 1) =>
    predictFocus(one, scoreItem(one, { weakBelow }));

  it("is elsewhere under g = 0.3 with evidence", () => {
    expect(focusOf(item({ metrics: { focus: 0.29 } }))).toBe("elsewhere");
    expect(focusOf(item({ metrics: { focus: 0.3 } }))).toBe("on");
  });

  it("is elsewhere over 0.05 on border, corner or text without evidence", () => {
    const places = { ...withoutEvidence, border: 0, corner: 0.05, text: 0 };
    expect(focusOf(item({ metrics: places }))).toBe("on");
    expect(focusOf(item({ metrics: { ...places, corner: 0.051 } }))).toBe("elsewhere");
  });

  it("is unjudged for weak and gated items", () => {
    expect(focusOf(item(), 9)).toBe("unjudged");
    expect(focusOf(item({ metrics: { necessity: 0 } }))).toBe("unjudged");
  });

  it("gives way to a verdict, and some verdicts are in no quadrant", () => {
    expect(quadrantOf(true, null, "elsewhere")).toBe("right-off");
    expect(quadrantOf(true, "sound", "elsewhere")).toBe("right-on");
    expect(quadrantOf(false, "spurious", "on")).toBe("wrong-off");
    expect(quadrantOf(false, null, "on")).toBe("wrong-on");
    for (const verdict of ["mixed", "unclear", "unreliable"] as const)
      expect(quadrantOf(true, verdict, "on")).toBe("unjudged");
    expect(quadrantOf(null, "sound", "on")).toBe("unjudged");
  });
});

describe("the why sentence", () => {
  const why = (one: SuspectItem) => explain(one, scoreItem(one, run));

  it("starts with the evidence and names the places with most heat beyond chance", () => {
    expect(why(item())).toBe(
      "Right at 90 % confidence: 88 % of heat outside the evidence, which covers 6 % of the picture; " +
        "41 % of heat in one corner, which is 2 % of the picture; " +
        "50 % of heat on the outer frame, which is 36 % of the picture.",
    );
  });

  it("says where heat is strongest when it is given the map", () => {
    const values = Float32Array.of(0, 0, 0, 0, 0, 0, 5, 0, 1);
    const one = item({ metrics: { ...withoutEvidence, border: 0, corner: 0, text: 0 } });
    expect(explain(one, scoreItem(one, run), { values, height: 3, width: 3 })).toBe(
      "Right at 90 % confidence: no heat on border, corner or text beyond chance; strongest lower left.",
    );
  });

  it("never names what it does not know", () => {
    const seen = item({
      artefacts: { electrode: 0.9, "side-letter": 0.8, disc: 0.7 },
      metrics: { s4: 0.9 },
    });
    expect(why(seen)).toBe(why(item()));
    const padded = item({ artefacts: { padding: 0.6 }, metrics: { s4: 0.5 } });
    expect(why(padded)).toContain("60 % of heat on the padding round the picture");
  });

  it("says why an item is on a shelf", () => {
    expect(why(item({ flags: ["flat"] }))).toBe("No usable map: there is nothing to judge.");
    expect(why(item({ metrics: { necessity: 0.031 } }))).toContain(
      "lowers the confidence by 3 % only",
    );
  });
});
