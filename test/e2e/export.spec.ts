import { readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { gridIsReady } from "./review-steps.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
  await page.keyboard.press("Control+4");
  await gridIsReady(page);
});
test.afterEach(() => served.stop());

test("says what an export loses, and writes nothing while pictures may show names", async ({
  page,
}) => {
  const dialog = page.getByRole("dialog", { name: "Export" });
  for (const theme of ["light", "dark"] as const) {
    await wear(page, theme);
    await gridIsReady(page);
    await page.keyboard.press("Control+e");
    await expect(dialog).toBeVisible();
    await dialog.getByRole("checkbox", { name: /COCO/ }).press("Space");
    await dialog.getByRole("checkbox", { name: /16-bit PNG/ }).press("Space");
    await expect(dialog.getByText(/65,536 steps/)).toBeVisible();
    await expect(dialog.getByText(/replaced by item numbers/)).toBeVisible();
    await keepPicture(page, `export-${theme}`);
    await expectAccessible(page);
  }
  await dialog.getByRole("button", { name: "Choose folder…" }).press("Enter");
  const places = page.getByRole("listbox");
  await expect(places.getByRole("option").first()).toBeVisible();
  const at = served.folder.slice(served.folder.lastIndexOf("/") + 1);
  await places.getByRole("option", { name: at }).first().click();
  await page.getByRole("button", { name: new RegExp(`^Choose.*${at}`) }).click();
  await dialog.getByRole("button", { name: /^Export \d+ items/ }).press("Enter");
  // Nobody has looked at the demo's pictures for names: they stay, and nothing is written.
  await expect(dialog.getByRole("alert")).toContainText("may show identity");
  expect(readdirSync(served.folder).filter((name) => /coco|csv|maps|part/.test(name))).toEqual([]);
  await keepPicture(page, "export-refused");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});
