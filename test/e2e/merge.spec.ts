import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import type { CommandId, ReaderId } from "../../shared/domain/ids.ts";
import { openAudit } from "../../src-main/store/open-audit.ts";
import { serveHansight, type Served } from "../support/served.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;
test.beforeEach(async () => {
  served = await serveHansight({ withDemo: true });
});
test.afterEach(() => served.stop());

/** What Ben did at home: two verdicts in a copy of the audit. */
function workElsewhere(audit: string, copy: string): void {
  cpSync(audit, copy, { recursive: true });
  for (const name of ["lock", "lock.sqlite"]) rmSync(join(copy, name), { force: true });
  const store = openAudit(copy);
  const readerId = "ben" as ReaderId;
  store.addReader({ id: readerId, name: "Ben", initials: "B" });
  for (const item of [2, 3])
    store.apply({
      ...{ id: crypto.randomUUID() as CommandId, readerId, kind: "verdict.set", items: [item] },
      ...{ run: null, verdict: "sound", reasons: [], view: null },
    });
  store.closeNow();
}

test("a copy worked on elsewhere is looked at, then merged by keyboard; twice is nothing", async ({
  page,
}) => {
  const audit = served.audit ?? "";
  await page.goto(served.address);
  await nameYourself(page);
  workElsewhere(audit, join(served.folder, "from-ben.hansight"));

  await page.keyboard.press("Control+k");
  await page.keyboard.type("Merge a copy");
  await page.keyboard.press("Enter");
  const choose = async () => {
    const places = page.getByRole("listbox", { name: "What is here" });
    const copy = places.getByRole("option", { name: /from-ben/ });
    await expect(places.getByRole("option").first()).toBeVisible();
    const home = places.getByRole("option", { name: /hansight-journey/ });
    if (!(await copy.isVisible())) await home.first().dblclick();
    await copy.dblclick();
  };
  await choose();
  const dialog = page.getByRole("dialog", { name: /^Merge into/ });
  await expect(dialog.getByText("3 entries of the record")).toBeVisible();
  await expect(dialog.getByText("People who join: Ben")).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, "merge");
  await dialog.getByRole("button", { name: "Merge 3 entries" }).press("Enter");
  await expect(dialog.getByText("Merged: 3 entries came in")).toBeVisible();
  await page.keyboard.press("Escape");

  await wear(page, "dark");
  await expect(page.getByRole("heading", { name: "Answer and focus" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Merge a copy");
  await page.keyboard.press("Enter");
  await choose();
  await expect(dialog.getByText(/^Nothing to merge/)).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Merge \d/ })).toHaveCount(0);
  await keepPicture(page, "merge-dark");
});
