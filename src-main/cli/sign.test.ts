import { spawnSync } from "node:child_process";
import { closeSync, cpSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleOf, passphrase, signableAudit } from "../../test/support/signed-audit.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";

const main = join(import.meta.dirname, "main.ts");
let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await createTestApp();
  ({ folder } = await signableAudit(app));
  await app.close(); // the commands open it themselves
}, 180_000);
afterAll(() => app.remove());

/** A command with the passphrase on descriptor 3, as a shell's `3<secret` gives it. */
function hansight(secret: string, ...args: string[]) {
  const file = join(app.folder, "secret");
  writeFileSync(file, `${secret}\n`);
  const descriptor = openSync(file, "r");
  const run = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", descriptor],
  });
  closeSync(descriptor);
  return run;
}

const fd = ["--passphrase-fd", "3"];

it("signs by two, verifies, names a changed file, and reopens", () => {
  const meyer = ["sign", folder, "--as", "a. meyer", "--meaning", "authored", ...fd];
  const wrong = hansight("not it", ...meyer);
  expect(wrong.status).toBe(3);
  expect(wrong.stderr).toContain("the passphrase does not fit");

  const first = hansight(passphrase, ...meyer, "--signer", "B. Kone=reviewed", "--json");
  expect(first.status, first.stderr).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({
    revision: 1,
    signed: 1,
    signers: 2,
    bundle: bundleOf(folder),
  });
  const second = hansight(
    passphrase,
    "sign",
    folder,
    "--as",
    "B. Kone",
    "--meaning",
    "reviewed",
    ...fd,
  );
  expect(second.stdout).toContain("Revision 1 signed by B. Kone, reviewed: 2 of 2");

  const copy = join(app.folder, "handed-out");
  cpSync(bundleOf(folder), copy, { recursive: true });
  writeFileSync(join(copy, "runs.csv"), `${readFileSync(join(copy, "runs.csv"), "utf8")}\n`);
  const broken = hansight("", "verify", copy);
  expect(broken.status).toBe(3);
  expect(broken.stdout).toContain("runs.csv differs from what A. Meyer and B. Kone signed");

  const why = ["--why", "The label of item 3 was wrong"];
  const lead = hansight(passphrase, "reopen", folder, "--as", "A. Meyer", ...why, ...fd);
  expect(lead.stdout).toContain("Revision 2 is open; revision 1 stays signed");
}, 180_000);
