import { expect, it } from "vitest";
import type { Queue } from "../../../shared/contract/audits.ts";
import type { QueueRule } from "../../../shared/domain/command.ts";
import type { QueueId, RunId } from "../../../shared/domain/ids.ts";
import { isSampled, readableQueues } from "./readable-queues.ts";

const of = "sample" as QueueId;
const rules: Record<string, QueueRule> = {
  suspects: { kind: "suspects", run: "run-1" as RunId, size: 2 },
  random: { kind: "random", seed: 1, size: 2, listSha256: "" },
  second: { kind: "second", of, size: 1, listSha256: "" },
  adjudication: { kind: "adjudication", of },
};

function queue(kind: keyof typeof rules, more: Partial<Queue> = {}): Queue {
  return { id: kind as QueueId, name: kind, rule: rules[kind], items: [1, 2], read: 0, ...more };
}

it("reads a plan's sample first and leaves out what is replaced or empty", () => {
  const queues = [
    queue("suspects"),
    queue("random", { id: "automatic" as QueueId, isReplaced: true }),
    queue("adjudication", { plan: 1, items: [] }),
    queue("second", { plan: 1 }),
    queue("random", { plan: 1 }),
  ];
  expect(readableQueues(queues).map(({ id }) => id)).toEqual(["random", "second", "suspects"]);
});

it("keeps the order of a run's own queues where there is no plan", () => {
  expect(readableQueues([queue("suspects"), queue("random")]).map(({ id }) => id)).toEqual([
    "suspects",
    "random",
  ]);
});

it("counts only what was judged in the sample and what is made of it", () => {
  const kinds = ["suspects", "random", "second", "adjudication"] as const;
  expect(kinds.map((kind) => isSampled(queue(kind)))).toEqual([false, true, true, true]);
  expect(isSampled(null)).toBe(false);
});
