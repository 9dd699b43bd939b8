import { expect, test } from "vitest";
import { groupLeakage } from "./group-leakage.ts";
import { nearDuplicates } from "./near-duplicates.ts";

const base = 0x0123456789abcdefn;

test("hashes within the threshold are one group, one bit more is not", () => {
  const threeOff = base ^ (1n << 0n) ^ (1n << 20n) ^ (1n << 63n);
  const fourOff = base ^ (1n << 0n) ^ (1n << 20n) ^ (1n << 40n) ^ (1n << 63n);
  expect(nearDuplicates([base, ~base & 0xffffffffffffffffn, threeOff], 3)).toEqual([[0, 2]]);
  expect(nearDuplicates([base, fourOff], 3)).toEqual([]);
});

test("bands miss no pair that comparing all pairs finds", () => {
  let state = 1n;
  const draw = (): bigint =>
    (state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n));
  for (const threshold of [0, 3, 6, 15]) {
    for (let round = 0; round < 40; round += 1) {
      const hash = draw();
      let other = hash;
      for (let flip = 0; flip < threshold; flip += 1) other ^= 1n << (draw() >> 58n);
      expect(nearDuplicates([hash, other], threshold)).toEqual([[0, 1]]);
    }
  }
});

test("equal hashes are grouped, and chains join", () => {
  expect(nearDuplicates([5n << 32n, base, base ^ 7n, base ^ 63n, base], 3)).toEqual([[1, 2, 3, 4]]);
});

test("a threshold outside 0..15 is refused", () => {
  expect(() => nearDuplicates([base], 16)).toThrow(RangeError);
});

test("a patient in two splits leaks; one without a split says nothing", () => {
  const item = (
    group: string | null,
    split: string | null,
  ): { group: string | null; split: string | null } => ({
    group,
    split,
  });
  expect(
    groupLeakage([
      item("p1", "train"),
      item("p2", "train"),
      item("p1", "test"),
      item("p2", null),
      item(null, "test"),
    ]),
  ).toEqual([{ group: "p1", splits: ["train", "test"], members: [0, 2] }]);
});
