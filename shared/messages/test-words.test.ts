import { expect, it } from "vitest";
import type { MeasuredTest } from "../domain/region-test.ts";
import { conclusionWords, controlWords, scoreWords } from "./test-words.ts";

/** As in review-experience 6.7: controls half at −0.09, half at +0.01: mean −0.04, spread 0.05. */
const test: MeasuredTest = {
  target: 1,
  scoreBefore: 0.97,
  scoreAfter: 0.21,
  classBefore: 1,
  classAfter: 0,
  second: { fill: "neighbours", scoreAfter: 0.3 },
  controls: Array.from({ length: 20 }, (_, i) => ({
    x: 0,
    y: 0,
    w: 0.1,
    h: 0.1,
    drop: i % 2 === 0 ? 0.09 : -0.01,
  })),
  controlsPlanned: 20,
  isByHeat: true,
  covered: 0.02,
};
const names = ["normal", "pneumothorax"];

it("says what the experience allows, in its words", () => {
  expect(scoreWords(test)).toBe("0.97 → 0.21 (−0.76)");
  expect(controlWords(test)).toBe("20 same-size areas elsewhere: −0.04 ± 0.05.");
  const [rank, limit, answer] = conclusionWords(test, names);
  expect(rank).toBe("This region matters more than 20 of 20.");
  expect(limit).toContain("test it with 200");
  expect(answer).toBe("The answer changes from pneumothorax to normal.");
});

it("says that the score depends on the region with 200 controls, and never that it is caused by it", () => {
  const many = Array.from({ length: 200 }, () => test.controls[1]);
  const words = conclusionWords({ ...test, controls: many, controlsPlanned: 200 }, names);
  expect(words).toContain("The score depends on this region.");
  expect(words.join(" ")).not.toMatch(/caus/i);
});

it("does not count a test whose second fill says otherwise", () => {
  const second = { fill: "neighbours", scoreAfter: 0.99 } as const;
  const words = conclusionWords({ ...test, second }, names);
  expect(words).toContain(
    "A second fill (neighbour fill) moves the score the other way (+0.02): this test does not count.",
  );
});

it("gives no rank where places are few", () => {
  const words = conclusionWords({ ...test, controls: test.controls.slice(0, 3) }, names);
  expect(words[0]).toBe("Only 3 of 20 places were free, so the region has no rank.");
});

it("writes a third decimal where two would round the change away", () => {
  const slight = { ...test, scoreBefore: 0.985, scoreAfter: 0.981 };
  expect(scoreWords(slight)).toBe("0.985 → 0.981 (−0.004)");
  expect(controlWords(slight)).toBe("20 same-size areas elsewhere: −0.040 ± 0.051.");
});
