import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { freeSpace, spaceOf } from "./free-space.ts";

it("warns below 2 GB and stops below 500 MB", () => {
  expect([3e9, 2e9, 1.9e9, 5e8, 4.9e8, 0].map((bytes) => spaceOf(bytes).level)).toEqual([
    "enough",
    "enough",
    "low",
    "low",
    "stop",
    "stop",
  ]);
});

it("asks the disk that holds the folder", () => {
  expect(freeSpace(tmpdir()).bytes).toBeGreaterThan(0);
});
