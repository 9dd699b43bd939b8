import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { methodIds } from "../shared/domain/method-id.ts";
import { methods } from "../shared/domain/methods.ts";
import { message } from "../shared/messages/catalogue.ts";

it("docs/methods.md has a row for every method, with its status and zero as they are now", () => {
  const text = readFileSync(join(import.meta.dirname, "../docs/methods.md"), "utf8");
  const rows = text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(1) // the head
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, first]) => !/^-+$/.test(first))
    .map(([, label, paper, status, zero]) => [label, paper, status, zero]);
  expect(rows).toEqual(
    methodIds.map((id) => {
      const { label, paper, status, zero } = methods[id];
      return [label, paper, message(`method.status.${status}`), zero];
    }),
  );
});
