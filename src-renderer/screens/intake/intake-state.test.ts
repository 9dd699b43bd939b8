import { expect, it } from "vitest";
import { auditNameOf, cardOfError } from "./intake-state.svelte.ts";

it("names an audit after the folder that says something", () => {
  const folders = [
    "chest/images",
    "images",
    "study 4/JPG",
    "chest/normal",
    "data/birds",
    "study 5.zip",
  ];
  expect(folders.map(auditNameOf)).toEqual([
    "chest",
    "images",
    "study 4",
    "normal",
    "birds",
    "study 5",
  ]);
});

it("shows a failure beside what has to be changed", () => {
  const codes = [
    "labels/no-match",
    "evidence/unreadable",
    "classes/count",
    "dataset/empty",
  ] as const;
  const cards = codes.map((code) => cardOfError({ code, details: {} }));
  expect(cards).toEqual(["labels", "labels", "model", "images"]);
});
