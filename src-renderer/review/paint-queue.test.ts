import { expect, it } from "vitest";
import { PaintQueue } from "./paint-queue.ts";

it("draws no more in a frame than its budget, the latest first, and nothing that was called off", () => {
  let now = 0;
  const frames: (() => void)[] = [];
  const queue = new PaintQueue({
    budgetMs: 8,
    now: () => now,
    nextFrame: (run) => void frames.push(run),
  });
  const drawn: string[] = [];
  const draw = (name: string) => () => {
    now += 5;
    drawn.push(name);
  };
  queue.add(draw("a"));
  queue.add(draw("b"))();
  queue.add(draw("c"));
  queue.add(draw("d"));
  expect(frames).toHaveLength(1);
  frames.shift()?.();
  expect(drawn).toEqual(["d", "c"]); // 5 and 10 ms: the second began within 8
  frames.shift()?.();
  expect(drawn).toEqual(["d", "c", "a"]);
  expect(frames).toHaveLength(0);
});
