import { describe, expect, it } from "vitest";
import type { QueueId } from "../../../shared/domain/ids.ts";
import type { QueueRole } from "../../../shared/domain/plan.ts";
import { nextStep, type Situation } from "./next-step.ts";

function queue(role: QueueRole, of: number, read: number, left = of - read) {
  const id = role as string as QueueId; // an id as good as any
  const secondsLeft = 6 * (of - read);
  return { queue: id, name: role, role, of, read, left, secondsLeft, readers: [], classes: [] };
}

const mapped: Situation = {
  isReadOnly: false,
  hasModel: true,
  runs: [{ no: 1, done: 240, planned: 240 }],
  running: null,
  hasPlan: true,
  queues: [],
};
const kindOf = (changes: Partial<Situation>) => nextStep({ ...mapped, ...changes }).kind;

describe("the next step", () => {
  it("is to look at images without a model, to make a run without one, to watch the first", () => {
    expect(kindOf({ hasModel: false, runs: [] })).toBe("no-model");
    expect(kindOf({ runs: [] })).toBe("no-run");
    const runs = [{ no: 1, done: 16, planned: 240 }];
    expect(nextStep({ ...mapped, runs, running: 1 })).toMatchObject({
      kind: "running",
      words: { no: 1, done: 16, of: 240 },
    });
  });

  it("is a plan while nobody has read and none is frozen", () => {
    expect(kindOf({ hasPlan: false, queues: [queue("random", 240, 0)] })).toBe("plan");
    expect(kindOf({ hasPlan: false, queues: [queue("random", 240, 1)] })).toBe("read");
  });

  it("is the sample before what depends on it, and that before searches", () => {
    const queues = [queue("suspects", 60, 0), queue("second", 50, 0), queue("random", 60, 10)];
    expect(nextStep({ ...mapped, queues })).toMatchObject({
      screen: "review",
      words: { n: 50, queue: "random" },
      seconds: 300,
      query: { queue: "random" },
    });
    queues[2] = queue("random", 60, 60);
    expect(nextStep({ ...mapped, queues }).words).toMatchObject({ queue: "second" });
  });

  it("is nobody's own where the rest is others' to read", () => {
    const queues = [queue("random", 60, 60), queue("second", 50, 5, 0)];
    expect(nextStep({ ...mapped, queues })).toMatchObject({ kind: "waiting", words: { n: 45 } });
  });

  it("is the report when all is read, and for what is signed", () => {
    expect(kindOf({ queues: [queue("random", 60, 60)] })).toBe("report");
    expect(kindOf({ isReadOnly: true })).toBe("signed");
  });
});
