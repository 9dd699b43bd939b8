import { describe, expect, it } from "vitest";
import { findBetterOrder, type Outcome } from "./class-order.ts";

/** A model that is always right under `truth`, asked `times` times per class. */
function outcomesOf(truth: readonly string[], times = 5): Outcome[] {
  return truth.flatMap((label, predicted) =>
    Array.from({ length: times }, () => ({ predicted, label })),
  );
}

describe("findBetterOrder", () => {
  it("names the sorted order when the names were given unsorted", () => {
    const better = findBetterOrder(["zebra", "cat", "dog"], outcomesOf(["cat", "dog", "zebra"]));
    expect(better).toMatchObject({ names: ["cat", "dog", "zebra"], right: 15, n: 15 });
    expect(better?.words).toBe("the names sorted by letters");
  });

  it("tells sorting by number from sorting by letters", () => {
    const truth = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    expect(findBetterOrder(truth.toSorted(), outcomesOf(truth))?.words).toBe(
      "the names sorted by number",
    );
  });

  it("names a shift by one, as a missing background class makes it", () => {
    const names = ["q", "b", "x", "a"];
    const better = findBetterOrder(names, outcomesOf(["b", "x", "a", "q"]));
    expect(better?.names).toEqual(["b", "x", "a", "q"]);
    expect(better?.words).toBe("the names moved one output down");
  });

  it("finds two classes that changed places and says which", () => {
    const names = ["benign", "other", "malignant"];
    const better = findBetterOrder(names, outcomesOf(["other", "benign", "malignant"]));
    expect(better).toMatchObject({ names: ["other", "benign", "malignant"], right: 15 });
    expect(better?.words).toContain("0 = other, 1 = benign");
  });

  it("leaves a right order alone, and a bad model without a better one", () => {
    const names = ["a", "b"];
    expect(findBetterOrder(names, outcomesOf(names))).toBeNull();
    const chance = [0, 1].flatMap((predicted) => names.map((label) => ({ predicted, label })));
    expect(findBetterOrder(names, [...chance, ...chance, ...chance])).toBeNull();
    expect(findBetterOrder(names, [])).toBeNull();
  });
});
