import { expect, it } from "vitest";
import { initialsOf } from "./initials.ts";

it("proposes the first letters of the first and the last word", () => {
  const proposals = ["Anna Maria Meyer", "A. Meyer", "Zoë", "  ", "Øystein D'Arcy", "李 小龍"];
  expect(proposals.map(initialsOf)).toEqual(["AM", "AM", "Z", "", "ØD", "李小"]);
});
