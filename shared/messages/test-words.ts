import { regionTestRules, testFacts, type MeasuredTest } from "../domain/region-test.ts";
import { message } from "./catalogue.ts";

/** "0.97 → 0.21 (−0.76)" */
export function scoreWords(test: MeasuredTest): string {
  const { scoreBefore, scoreAfter } = test;
  const digits = testDigits(test);
  return message("test.score", {
    before: scoreBefore.toFixed(digits),
    after: scoreAfter.toFixed(digits),
    change: signed(scoreAfter - scoreBefore, digits),
  });
}

/** "20 same-size areas elsewhere: −0.04 ± 0.05." */
export function controlWords(test: MeasuredTest): string {
  const { controlMean, controlSd } = testFacts(test);
  if (controlMean === null) return message("test.controls.none");
  return message("test.controls", {
    n: test.controls.length,
    mean: signed(-controlMean, testDigits(test)),
    sd: (controlSd ?? 0).toFixed(testDigits(test)),
  });
}

/** What may be said of the test, in the order it is read: rank, dependence, answer, second fill. */
export function conclusionWords(test: MeasuredTest, classNames: readonly string[]): string[] {
  const facts = testFacts(test);
  const n = test.controls.length;
  const words: string[] = [];
  if (facts.rank === null) words.push(message("test.few", { n, planned: test.controlsPlanned }));
  else if (facts.drop > 0) words.push(message("test.beats", { beaten: facts.beaten, n }));
  if (!facts.isAgreed) {
    const { fill, scoreAfter } = test.second;
    const change = signed(scoreAfter - test.scoreBefore, testDigits(test));
    words.push(message("test.disagrees", { fill: message(`test.fill.${fill}`), change }));
  } else if (facts.depends) words.push(message("test.depends"));
  else if (facts.rank === 1 && n < regionTestRules.controlsForOne)
    words.push(message("test.one-picture", { n, needed: regionTestRules.controlsForOne }));
  else if (facts.rank !== null) words.push(message("test.not-more"));
  const name = (index: number) => classNames[index] ?? String(index);
  words.push(
    test.classBefore === test.classAfter
      ? message("test.class-stays", { before: name(test.classBefore) })
      : message("test.class-changes", {
          before: name(test.classBefore),
          after: name(test.classAfter),
        }),
  );
  if (!test.isByHeat) words.push(message("test.no-heat"));
  return words;
}

/** A change with its sign, and a true minus: "−0.76", "+0.02"; what rounds to nothing has none. */
export function signed(change: number, digits = 2): string {
  const text = Math.abs(change).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${change < 0 ? "−" : "+"}${text}`;
}

/** Decimals of a test's numbers: a third where two would round the change away. */
export function testDigits({ scoreBefore, scoreAfter }: MeasuredTest): 2 | 3 {
  return Math.abs(scoreAfter - scoreBefore) < 0.01 ? 3 : 2;
}
