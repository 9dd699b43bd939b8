import { expect, it } from "vitest";
import { ActiveClock } from "./active-clock.ts";

it("counts no more than a minute of a pause", () => {
  let now = 0;
  const clock = new ActiveClock(() => now);
  now = 4_000;
  clock.touch();
  now = 600_000; // lunch
  clock.touch();
  now = 603_500;
  expect(clock.seconds()).toBe(4 + 60 + 3.5);
  clock.restart();
  now = 605_500;
  expect(clock.seconds()).toBe(2);
});
