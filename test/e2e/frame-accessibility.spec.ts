import { expect, test } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;

test.beforeAll(async () => {
  served = await serveHansight({ withDemo: true });
});
test.afterAll(() => served.stop());

for (const theme of ["light", "dark"] as const) {
  test(`Library, New audit, Runs and Report keep nobody out, ${theme}`, async ({ page }) => {
    await page.goto(served.address);
    const asked = page.getByRole("heading", { name: "Who is working?" });
    await expect(asked.or(page.getByRole("navigation", { name: "Where you are" }))).toBeVisible();
    if (await asked.isVisible()) {
      await expectAccessible(page);
      await nameYourself(page);
    }
    await page.waitForURL(/\/a\/.+\/overview/);
    await wear(page, theme);

    await page.getByRole("link", { name: "Runs" }).click();
    await expect(page.getByRole("heading", { name: "Reliability of run 1" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Start run" })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `runs-${theme}`);

    await page.keyboard.press("Control+k");
    await page.keyboard.type("rep");
    await expect(page.getByRole("option", { name: /Go to Report/ })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Report", level: 1 })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `report-${theme}`);
    await page.getByRole("radio", { name: "Edit text" }).click();
    await expect(page.getByLabel("Intended use")).toBeVisible();
    await expectAccessible(page);

    await page.getByRole("link", { name: "Library" }).click();
    await expect(page.getByRole("heading", { name: "Audits" })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `library-${theme}`);

    await page.getByRole("button", { name: /New audit/ }).click();
    await expect(page.getByRole("heading", { name: "New audit" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Folder of images: Choose…" }).click();
    await expect(page.getByRole("listbox", { name: "What is here" })).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Folder of images: Choose…" })).toBeFocused();
    await page.keyboard.press("F1");
    await expect(page.getByRole("heading", { name: "Keys" })).toBeVisible();
    await expectAccessible(page);
  });
}

test("nothing is cut off at 200 % in the smallest window", async ({ page }) => {
  await page.setViewportSize({ width: 512, height: 320 });
  await page.goto(served.address);
  for (const place of ["#/library", "#/new"]) {
    await page.goto(`${new URL(served.address).origin}/${place}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    const main = page.getByRole("main");
    expect(await main.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  }
});
