import { describe, expect, it } from "vitest";
import type { Run } from "../../../shared/contract/audits.ts";
import type { JobId, ModelId, RunId } from "../../../shared/domain/ids.ts";
import type { Job } from "../../../shared/domain/job.ts";
import { runRows } from "./run-rows.ts";

const run = (no: number, more: Partial<Run>): Run => ({
  id: `run${no}` as RunId, // an id of the test
  no,
  modelId: "m" as ModelId, // an id of the test
  method: "cam",
  tap: {
    name: "a",
    grid: [8, 10, 10],
    layout: "channels-first",
    prefixTokens: 0,
    isDefault: true,
    isScaleFree: false,
    reason: "pooling-input",
  },
  target: { kind: "predicted" },
  secondMethod: null,
  seed: 0,
  startedAt: "2026-03-01T10:00:00Z",
  endedAt: "2026-03-01T10:00:04Z",
  done: 240,
  failed: 0,
  planned: 240,
  device: "cpu",
  gradient: "closed-form",
  rawP99: null,
  rawMin: null,
  weakBelow: null,
  sheet: "not-made",
  ...more,
});

const job = (no: number, more: Partial<Job>): Job => ({
  id: `job${no}` as JobId, // an id of the test
  kind: "run",
  title: `Run ${no}`,
  run: `run${no}` as RunId, // an id of the test
  state: "running",
  tried: 98,
  planned: 240,
  failed: 0,
  etaSeconds: null,
  engineRestarts: 0,
  cause: null,
  ...more,
});

describe("runs with their jobs", () => {
  it("puts the newest first and times only what has ended", () => {
    const rows = runRows([run(1, {}), run(2, { endedAt: null, done: 90 })], [job(2, {})]);
    expect(rows.map((row) => [row.run.no, row.state, row.seconds])).toEqual([
      [2, "running", null],
      [1, "done", 4],
    ]);
  });

  it("never shows less progress than the store has", () => {
    const [row] = runRows([run(1, { done: 100, failed: 2, endedAt: null })], [job(1, {})]);
    expect(row).toMatchObject({ tried: 102, failed: 2 });
  });

  it("says of a run without a job what the store last knew", () => {
    const runs = [
      run(1, { endedAt: null }),
      run(2, { done: 41 }),
      run(3, { done: 238, failed: 2 }),
    ];
    const states = runRows(runs, []).map((row) => row.state);
    expect(states).toEqual(["done-faults", "cancelled", "paused"]);
  });

  it("takes the latest of several jobs of one run", () => {
    const jobs = [job(1, { state: "cancelled" }), job(1, { state: "running", tried: 120 })];
    const [row] = runRows([run(1, { endedAt: null, done: 0 })], jobs);
    expect(row).toMatchObject({ state: "running", tried: 120 });
  });
});
