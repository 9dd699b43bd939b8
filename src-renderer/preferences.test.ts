import { expect, it } from "vitest";
import { readPreferences, usualPreferences } from "./preferences.svelte.ts";

it("keeps what it understands, and gives the usual value for the rest", () => {
  expect(readPreferences(null)).toEqual(usualPreferences);
  expect(readPreferences("{")).toEqual(usualPreferences);
  const text = JSON.stringify({ density: "roomy", ahead: 500, dates: "roman", other: 1 });
  expect(readPreferences(text)).toEqual({ ...usualPreferences, density: "roomy" });
  const keys = { jobs: ["Ctrl+Alt+J"] };
  expect(readPreferences(JSON.stringify({ keys })).keys).toEqual(keys);
});
