import { expect, it } from "vitest";
import type { JobId } from "../../../shared/domain/ids.ts";
import type { Job } from "../../../shared/domain/job.ts";
import { JobNews } from "./job-news.ts";

const job = (title: string, state: Job["state"], failed = 0): Job => ({
  id: title as JobId, // an id of the test
  kind: "run",
  title,
  run: null,
  state,
  tried: 0,
  planned: 240,
  failed,
  etaSeconds: null,
  engineRestarts: 0,
  cause: null,
});

it("tells the end of a job once, and of none that ended before", () => {
  const news = new JobNews();
  expect(news.of([job("Run 1", "done"), job("Run 2", "running")])).toEqual([]);
  expect(news.of([job("Run 1", "done"), job("Run 2", "done-faults", 2)])).toEqual([
    "Run 2: done, 2 items failed",
  ]);
  expect(news.of([job("Run 1", "done"), job("Run 2", "done-faults", 2)])).toEqual([]);
});

it("tells nothing of a job that a person cancelled, and tells one that stopped", () => {
  const news = new JobNews();
  news.of([job("Run 1", "cancelling"), job("Report", "running")]);
  expect(news.of([job("Run 1", "cancelled"), job("Report", "failed")])).toEqual([
    "Report: stopped",
  ]);
});
