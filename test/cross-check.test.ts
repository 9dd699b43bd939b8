import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CrossCheck } from "../shared/domain/cross-check.ts";
import type { ModelDescription } from "../shared/domain/model.ts";
import { demoFolder, smallDemo } from "./support/test-app.ts";

const main = join(import.meta.dirname, "../src-main/cli/main.ts");
const model = join(demoFolder, "chest-resnet.onnx");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hansight-cross-check-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inspect(...args: string[]) {
  return spawnSync(process.execPath, [main, "inspect", ...args], {
    encoding: "utf8",
    cwd: folder,
    // The native part has its own test, and TensorFlow itself writes to stderr when it is loaded.
    env: {
      ...process.env,
      HANSIGHT_HOME: join(folder, "home"),
      HANSIGHT_TENSORFLOW_ADDON: "none",
    },
  });
}

describe("hansight inspect --cross-check", () => {
  it("prints how far apart both engines are on noise", { timeout: 60_000 }, () => {
    const run = inspect(model, "--cross-check");
    expect([run.status, run.stderr]).toEqual([0, ""]);
    expect(run.stdout).toMatch(/Cross-check with tensorflow · .* at \S+, 2 pictures\n/);
    for (const row of ["Logits", "Gradients", "Grad-CAM", "HiResCAM"])
      expect(run.stdout).toMatch(new RegExp(`\\n  ${row} +\\d\\.\\de-?\\+?\\d+\\n`));
    expect(run.stdout).toContain("The engines agree within 0.001 of the maximum");
  });

  it("adds a picture, and ends with one JSON object", { timeout: 60_000 }, () => {
    const images = smallDemo(folder, 1);
    const [picture = ""] = globSync("**/*.{png,jpg}", { cwd: images });
    const run = inspect(model, "--cross-check", "--image", join(images, picture), "--json");
    const found = JSON.parse(run.stdout) as ModelDescription & { crossCheck: CrossCheck }; // our own output
    expect(found.fileName).toBe("chest-resnet.onnx");
    const [{ name: tap } = { name: "" }] = found.taps;
    expect(found.crossCheck).toMatchObject({ tap, pictures: 3, outcome: { kind: "compared" } });
  });
});
