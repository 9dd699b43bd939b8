import { expect, it } from "vitest";
import type { ReaderId } from "../../shared/domain/ids.ts";
import type { ReadingRules } from "../../shared/domain/plan.ts";
import { ann, ben } from "../../test/support/sample-outcomes.ts";
import { isHiddenFrom, type ReadItem } from "./blind-rules.ts";

const cat = "reader-cat" as ReaderId;
const reviewer = (id: ReaderId) => ({ id, role: "reviewer" as const });

const rules = (changes: Partial<ReadingRules> = {}): ReadingRules => ({
  blind: "reader-blind",
  order: "shuffled",
  first: [],
  second: [],
  secondReading: null,
  adjudication: null,
  ...changes,
});
const item = (changes: Partial<ReadItem> = {}): ReadItem => ({
  item: 7,
  samplePosition: 0,
  secondPosition: null,
  isSettled: false,
  isJudged: false,
  ...changes,
});

it("hides nothing in an open plan, outside the sample, after the own verdict, or once two have read", () => {
  expect(isHiddenFrom(rules(), reviewer(ann), item())).toBe(true);
  expect(isHiddenFrom(rules({ blind: "focus-blind" }), reviewer(ann), item())).toBe(true);
  expect(isHiddenFrom(rules({ blind: "open" }), reviewer(ann), item())).toBe(false);
  expect(isHiddenFrom(rules(), reviewer(ann), item({ samplePosition: null }))).toBe(false);
  expect(isHiddenFrom(rules(), reviewer(ann), item({ isJudged: true }))).toBe(false);
  expect(isHiddenFrom(rules(), reviewer(ann), item({ isSettled: true }))).toBe(false);
});

it("takes nobody for anybody, and lets who only looks see", () => {
  expect(isHiddenFrom(rules({ first: [ann] }), null, item())).toBe(true);
  expect(isHiddenFrom(rules(), { id: ann, role: "viewer" }, item())).toBe(false);
});

it("hides an item from whom it was dealt to, first or second, and from no other", () => {
  const dealt = rules({ first: [ann, ben], second: [ben, cat] });
  // position 0 is Ann's; position 1 Ben's
  expect(isHiddenFrom(dealt, reviewer(ann), item())).toBe(true);
  expect(isHiddenFrom(dealt, reviewer(ben), item())).toBe(false);
  expect(isHiddenFrom(dealt, reviewer(ben), item({ samplePosition: 1 }))).toBe(true);
  // read twice: of Ben and Cat the first of the two for Ann's item, Cat alone for Ben's
  expect(isHiddenFrom(dealt, reviewer(ben), item({ secondPosition: 0 }))).toBe(true);
  expect(isHiddenFrom(dealt, reviewer(cat), item({ secondPosition: 0 }))).toBe(false);
  const bens = item({ samplePosition: 1, secondPosition: 0 });
  expect(isHiddenFrom(dealt, reviewer(cat), bens)).toBe(true);
});

it("hides what may yet be read again from all who may do it", () => {
  const secondReading = { queue: "q" as never, size: 1, listSha256: "", allSpurious: true };
  const mayGrow = rules({ first: [ann], second: [ben], secondReading });
  expect(isHiddenFrom(mayGrow, reviewer(ben), item())).toBe(true);
  expect(isHiddenFrom(mayGrow, reviewer(cat), item())).toBe(false);
  const fixed = rules({
    first: [ann],
    second: [ben],
    secondReading: { ...secondReading, allSpurious: false },
  });
  expect(isHiddenFrom(fixed, reviewer(ben), item())).toBe(false);
});

it("leaves anyone but the first reader blind where nobody is named", () => {
  const open = rules({ first: [ann] });
  expect(isHiddenFrom(open, reviewer(cat), item({ secondPosition: 3 }))).toBe(true);
  expect(isHiddenFrom(open, reviewer(cat), item())).toBe(false);
});
