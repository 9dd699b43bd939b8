import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/sample-audit.ts";
import { usualHostSettings } from "../../shared/domain/host-settings.ts";
import { readHostSettings, writeHostSettings } from "./host-settings.ts";

it("gives the usual settings without a file, and back what was written", () => {
  const folder = temporaryFolder();
  expect(readHostSettings(folder)).toEqual(usualHostSettings);
  const chosen = { ...usualHostSettings, device: "cpu", batch: 4 } as const;
  writeHostSettings(chosen, folder);
  expect(readHostSettings(folder)).toEqual(chosen);
  expect(JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"))).toEqual({
    device: "cpu",
    batch: 4,
  });
});

it("keeps what it understands of a file by another version or hand", () => {
  const folder = temporaryFolder();
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify({ batch: 900, copiesDaily: 3, device: "abacus", new: 1 }));
  expect(readHostSettings(folder)).toEqual({ ...usualHostSettings, copiesDaily: 3 });
  writeFileSync(file, '{"batch": 4');
  expect(readHostSettings(folder)).toEqual(usualHostSettings);
});
