import { expect, it } from "vitest";
import { Kept, Lanes } from "./lanes.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it("loads the latest wanted first, never more at a time than its lanes, and leaves what nobody wants", async () => {
  const begun: string[] = [];
  let running = 0;
  let most = 0;
  const kept = new Kept<string>({
    limit: 10,
    lanes: new Lanes(2),
    load: async (key) => {
      begun.push(key);
      most = Math.max(most, ++running);
      await pause(5);
      running--;
      return key.toUpperCase();
    },
  });
  const wanted = ["a", "b", "c", "d", "e"].map((key) => kept.want(key));
  wanted[3].leave();
  const answers = await Promise.allSettled(wanted.map((one) => one.promise));
  expect(begun).toEqual(["a", "b", "e", "c"]);
  expect(most).toBe(2);
  expect(answers.map((one) => one.status)).toEqual([
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
});

it("shares a load between two who want it, and keeps it while one of them does", async () => {
  let loads = 0;
  const load = async () => (await pause(5), ++loads);
  const kept = new Kept<number>({ limit: 10, lanes: new Lanes(2), load });
  const first = kept.want("a");
  const second = kept.want("a");
  first.leave();
  expect(await second.promise).toBe(1);
  expect(kept.peek("a")).toBe(1);
});

it("forgets the longest unused when it is full", async () => {
  const forgotten: string[] = [];
  const kept = new Kept<string>({
    limit: 2,
    lanes: new Lanes(1),
    load: async (key) => key,
    forget: (value) => void forgotten.push(value),
  });
  for (const key of ["a", "b"]) await kept.want(key).promise;
  kept.peek("a");
  await kept.want("c").promise;
  expect(forgotten).toEqual(["b"]);
});
