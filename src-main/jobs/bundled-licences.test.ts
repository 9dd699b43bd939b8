import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/sample-audit.ts";
import { bundledLicences } from "./bundled-licences.ts";

it("lists what is bundled, once per version, and nothing that only builds the app", () => {
  const file = join(temporaryFolder(), "package-lock.json");
  const packages = {
    "": { name: "hansight", version: "1.0.0" },
    "node_modules/zod": { version: "4.0.0", license: "MIT" },
    "node_modules/@a/b": { version: "2.0.0", license: "Apache-2.0" },
    "node_modules/@a/b/node_modules/zod": { version: "4.0.0", license: "MIT" },
    "node_modules/vite": { version: "8.0.0", license: "MIT", dev: true },
    "node_modules/old": { version: "0.1.0" },
  };
  writeFileSync(file, JSON.stringify({ packages }));
  expect(bundledLicences(file)).toEqual([
    { name: "@a/b", version: "2.0.0", licence: "Apache-2.0" },
    { name: "old", version: "0.1.0", licence: null },
    { name: "zod", version: "4.0.0", licence: "MIT" },
  ]);
});

it("reads the lock of this app: each bundled package states a licence", () => {
  const licences = bundledLicences();
  expect(licences.find(({ name }) => name === "onnxruntime-node")?.licence).toBe("MIT");
  expect(licences.filter(({ licence }) => licence === null)).toEqual([]);
});
