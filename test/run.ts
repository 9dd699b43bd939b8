/**
 * `npm test`: format, lint, types, unit and golden tests, then journeys in a browser; one line at the end sums them.
 * Each check of the first kind counts as one test. `--soak` sets the number of kills to 200 and runs only those tests.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { ensureChromium } from "./support/chromium.ts";

interface Count {
  passed: number;
  failed: number;
  skipped: number;
  readonly failures: string[];
  readonly skips: string[];
}

const total: Count = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
const bin = (name: string) => `node_modules/${name}`;
const results = "test-results";
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const isSoak = process.argv.includes("--soak");
if (isSoak) process.env["HANSIGHT_KILLS"] = "200";

if (!isSoak) {
  check("format", bin("prettier/bin/prettier.cjs"), ["--check", "--log-level", "warn", "."]);
  check("lint", bin("eslint/bin/eslint.js"), ["."]);
  check("types: shared", bin("typescript/bin/tsc"), ["--noEmit", "-p", "tsconfig.shared.json"]);
  check("types: main and tests", bin("typescript/bin/tsc"), ["--noEmit", "-p", "tsconfig.json"]);
  check("types: window", bin("svelte-check/bin/svelte-check"), [
    "--tsconfig",
    "tsconfig.renderer.json",
    "--fail-on-warnings",
    "--output",
    "human",
  ]);
  check("build: window", bin("vite/bin/vite.js"), ["build", "--logLevel", "warn"]);
}
unit();
if (!isSoak) browser();

for (const name of total.failures) console.log(`failed: ${name}`);
for (const name of total.skips) console.log(`skipped: ${name}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

function node(script: string, args: readonly string[], env: Record<string, string> = {}): number {
  const run = spawnSync(process.execPath, [script, ...args], {
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  return run.status ?? 1;
}

function check(name: string, script: string, args: readonly string[]): void {
  console.log(`— ${name}`);
  if (node(script, args) === 0) total.passed += 1;
  else fails(name);
}

function fails(name: string): void {
  total.failed += 1;
  total.failures.push(name);
}

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function unit(): void {
  console.log("— unit and golden tests");
  const file = `${results}/unit.json`;
  const only = isSoak ? ["--testNamePattern", "kill"] : [];
  const status = node(
    bin("vitest/vitest.mjs"),
    ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${file}`, ...only],
    process.stdout.isTTY ? {} : { NO_COLOR: "1" },
  );
  const before = total.failed;
  const report = readJson<VitestReport>(file);
  for (const { name, status: fileStatus, assertionResults } of report?.testResults ?? []) {
    if (fileStatus === "failed" && assertionResults.length === 0) fails(name);
    for (const test of assertionResults) count(test.status, test.fullName);
  }
  if (status !== 0 && total.failed === before)
    fails("unit tests ended with an error outside any test");
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string }[];
  }[];
}

function browser(): void {
  console.log("— journeys in a browser");
  const chromium = ensureChromium();
  const file = `${results}/browser.json`;
  const status = node(bin("@playwright/test/cli.js"), ["test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    ...(chromium ? { CHROMIUM_PATH: chromium } : {}),
  });
  const before = total.failed;
  const report = readJson<{ readonly suites: readonly PlaywrightSuite[] }>(file);
  for (const suite of report?.suites ?? []) countSuite(suite, "");
  if (!report) fails("browser journeys wrote no report");
  else if (status !== 0 && total.failed === before) fails("browser journeys ended with an error");
}

function countSuite(suite: PlaywrightSuite, above: string): void {
  const title = above ? `${above} › ${suite.title}` : suite.title;
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) count(test.status, `${title} › ${spec.title}`);
  }
  for (const inner of suite.suites ?? []) countSuite(inner, title);
}

function count(status: string, name: string): void {
  if (status === "passed" || status === "expected" || status === "flaky") total.passed += 1;
  else if (status === "failed" || status === "unexpected") fails(name);
  else if (isSoak) return;
  else {
    total.skipped += 1;
    total.skips.push(name);
  }
}

function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T; // written by the runner a moment ago
  } catch {
    return null;
  }
}
