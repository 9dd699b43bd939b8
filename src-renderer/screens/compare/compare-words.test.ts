import { describe, expect, it } from "vitest";
import type { BenchItem } from "../../../shared/domain/bench.ts";
import { answerWords, excludedWords, flaggedWords } from "./compare-words.ts";

const item: BenchItem = {
  ...{ no: 1, path: "a.png", label: "nodule", target: 1, predicted: 1, probability: 0.984 },
  ...{ seen: null, widthPx: 10, heightPx: 10, panes: [], error: null },
};
const names = ["clear", "nodule"];

describe("a comparison in words", () => {
  it("says label and answer, and what was predicted where that differs or no label is known", () => {
    expect(answerWords(item, names)).toBe("nodule, answer right, probability 0.98");
    expect(answerWords({ ...item, predicted: 0 }, names)).toBe(
      "nodule, answer wrong (clear), probability 0.98",
    );
    expect(answerWords({ ...item, label: null }, names)).toBe("nodule, probability 0.98");
    expect(answerWords({ ...item, predicted: null }, names)).toBe("");
  });

  it("never says a share without its count, and under ten the count alone", () => {
    expect(flaggedWords(1, 24)).toBe("4.2\u202f% (1 of 24)");
    expect(flaggedWords(1, 9)).toBe("1 of 9");
  });

  it("counts what was left out by cause", () => {
    expect(excludedWords({ "no-evidence": 4, "other-class": 1 })).toBe(
      "no evidence: 4, evidence is of another class than the one explained: 1",
    );
    expect(excludedWords({})).toBe("");
  });
});
