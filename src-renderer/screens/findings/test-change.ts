import type { RegionTest } from "../../../shared/domain/region-test.ts";

/** What several region tests showed together. */
export interface TestChange {
  /** Median of `after − before`. */
  readonly median: number;
  /** Tests in which the answer changed. */
  readonly changed: number;
  readonly n: number;
}

/** null: there is no test. */
export function testChange(tests: readonly RegionTest[]): TestChange | null {
  if (tests.length === 0) return null;
  const changes = tests
    .map(({ result }) => result.scoreAfter - result.scoreBefore)
    .toSorted((a, b) => a - b);
  const half = Math.floor(changes.length / 2);
  const median = changes.length % 2 === 1 ? changes[half] : (changes[half - 1] + changes[half]) / 2;
  const changed = tests.filter(({ result }) => result.classAfter !== result.classBefore).length;
  return { median, changed, n: tests.length };
}
