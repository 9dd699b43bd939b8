import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReliabilitySheet } from "../shared/domain/sheet.ts";
import { demoFolder, smallDemo } from "./support/test-app.ts";

const main = join(import.meta.dirname, "../src-main/cli/main.ts");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hansight-sheet-"));
  const made = hansight(
    ...["audit", smallDemo(folder, 3), "--model", join(demoFolder, "chest-resnet.onnx")],
    ...["--classes", join(demoFolder, "classes.txt"), "--preset", "grey-imagenet"],
    ...["--out", "chest", "--no-sheet", "--json"],
  );
  expect(made.status, made.stderr).toBe(0);
  expect(JSON.parse(made.stdout)).toMatchObject({ sheet: "not-made" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function hansight(...words: string[]) {
  const env = { ...process.env, HANSIGHT_HOME: join(folder, "home") };
  return spawnSync(process.execPath, [main, ...words], { cwd: folder, env, encoding: "utf8" });
}

describe("hansight sheet", () => {
  it("makes the sheet of a run, prints it, and the next report holds it", () => {
    const made = hansight("sheet", "chest.hansight", "--json");
    expect(made.status, made.stderr).toBe(0);
    const { run, sheet } = JSON.parse(made.stdout) as { run: number; sheet: ReliabilitySheet }; // printed by it
    expect(run).toBe(1);
    expect(sheet).toMatchObject({ verdict: "passed", images: 12, isReduced: false });
    expect(sheet.stepZero).toEqual({ compared: 12, exact: 12, difference: 0 });

    const again = hansight("sheet", "chest.hansight", "--run", "1");
    expect(again.stdout).toContain("Reliability sheet passed");
    expect(again.stdout).toContain("12 of 12, bit by bit");

    expect(hansight("export", "chest.hansight").status).toBe(0);
    const exported = (name: string) =>
      readFileSync(join(folder, "chest.hansight/exports/draft", name), "utf8");
    expect(exported("runs.csv").trim()).toMatch(/,passed$/);
    expect(exported("sheets.csv").trim().split("\r\n")).toHaveLength(1 + sheet.steps.length);
    expect(JSON.parse(exported("bundle.json"))).toMatchObject({
      sheets: [{ sheet: { id: sheet.id, verdict: "passed" } }],
    });
    expect(hansight("verify", "chest.hansight").stdout).toContain("as they were written");
  });

  it("refuses a run that is not there", () => {
    const refused = hansight("sheet", "chest.hansight", "--run", "7");
    expect(refused.status).toBe(3);
    expect(refused.stderr).toContain('Cannot find run "7"');
  });
});
