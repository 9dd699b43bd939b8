import { expect, it } from "vitest";
import { auditNameOf } from "./intake-state.svelte.ts";

it("names an audit after the folder that says something", () => {
  const folders = ["chest/images", "images", "study 4/JPG", "chest/normal", "data/birds"];
  expect(folders.map(auditNameOf)).toEqual(["chest", "images", "study 4", "normal", "birds"]);
});
