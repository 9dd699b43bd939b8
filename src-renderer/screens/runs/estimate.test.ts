import { expect, it } from "vitest";
import type { Run } from "../../../shared/contract/audits.ts";
import { estimateOf } from "./estimate.ts";

const finished = { startedAt: "2026-03-01T10:00:00Z", endedAt: "2026-03-01T10:00:10Z", done: 100 };
const run = (more: Partial<Run>) => ({ ...finished, ...more }) as Run; // only these fields are read

it("counts passes and bytes of float32 maps, and no time before the first run", () => {
  const estimate = estimateOf({ items: 240, forwards: 1.05, grid: [128, 10, 10], earlier: [] });
  expect(estimate).toEqual({ forwards: 252, bytes: 96_000, seconds: null });
});

it("takes seconds for each pass from the newest run that ended", () => {
  const earlier = [
    { run: run({ endedAt: "2026-03-01T10:10:00Z" }), forwards: 1 },
    { run: run({}), forwards: 2 }, // 10 s for 200 passes: 0.05 s each
    { run: run({ endedAt: null }), forwards: 1 },
  ];
  const estimate = estimateOf({ items: 100, forwards: 4, grid: [1, 1, 1], earlier });
  expect(estimate.seconds?.map((s) => Math.round(s))).toEqual([14, 30]); // 400 × 0.05 = 20, × 0.7 and × 1.5
});
