import { expect, it } from "vitest";
import { regionTestRules, testFacts, type Control, type MeasuredTest } from "./region-test.ts";

const at = (drop: number): Control => ({ x: 0, y: 0, w: 0.1, h: 0.1, drop });

const measured: MeasuredTest = {
  target: 1,
  scoreBefore: 0.97,
  scoreAfter: 0.21,
  classBefore: 1,
  classAfter: 0,
  second: { fill: "neighbours", scoreAfter: 0.3 },
  controls: [at(0.01), at(0.03), at(-0.01), at(0.05)],
  controlsPlanned: 4,
  isByHeat: true,
  covered: 0.01,
};

it("holds the region's drop against its controls", () => {
  const facts = testFacts(measured);
  expect(facts.drop).toBeCloseTo(0.76, 12);
  expect(facts.controlMean).toBeCloseTo(0.02, 12);
  // squared distances to 0.02: 1 + 1 + 9 + 9 ten-thousandths, over n − 1 = 3
  expect(facts.controlSd).toBeCloseTo(Math.sqrt(0.002 / 3), 12);
  expect(facts).toMatchObject({ beaten: 4, rank: 1, p: 1 / 5, isAgreed: true });
});

it("counts a control that costs as much against the region", () => {
  const drop = measured.scoreBefore - measured.scoreAfter;
  const facts = testFacts({ ...measured, controls: [at(drop), at(0.9), at(0.1), at(0)] });
  expect(facts).toMatchObject({ beaten: 2, rank: 3, p: 3 / 5 });
});

it("ranks nothing where fewer places were found than planned", () => {
  const facts = testFacts({ ...measured, controlsPlanned: 20 });
  expect(facts).toMatchObject({ rank: null, p: null, beaten: 4 });
});

it("does not count where the second fill moves the score the other way", () => {
  const facts = testFacts({ ...measured, second: { fill: "neighbours", scoreAfter: 0.99 } });
  expect(facts.isAgreed).toBe(false);
});

it("says that a score depends on a region of one picture only from 200 controls on", () => {
  const few = Array.from({ length: 20 }, () => at(0.01));
  expect(testFacts({ ...measured, controls: few, controlsPlanned: 20 })).toMatchObject({
    p: 1 / 21,
    depends: false,
  });
  const { controlsForOne } = regionTestRules;
  const many = Array.from({ length: controlsForOne }, () => at(0.01));
  const facts = testFacts({ ...measured, controls: many, controlsPlanned: controlsForOne });
  expect(facts).toMatchObject({ p: 1 / 201, depends: true });
});

it("has no spread of one control and no mean of none", () => {
  expect(testFacts({ ...measured, controls: [at(0.1)] }).controlSd).toBeNull();
  const none = testFacts({ ...measured, controls: [] });
  expect(none).toMatchObject({ controlMean: null, rank: null, beaten: 0 });
});
