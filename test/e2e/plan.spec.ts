import { expect, test } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { fileInView, verdictButton } from "./review-steps.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
});
test.afterEach(() => served.stop());

test("a plan of 60 is frozen, read by keyboard, and its rate shown", async ({ page }) => {
  // Opening an audit lands on its home, which says that nothing is known yet and what to do.
  await expect(page.getByRole("heading", { name: "Answer and focus" })).toBeVisible();
  await expect(page.getByText("Random sample not read yet (0 of 240)")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make a plan" }).press("Enter");

  await page.getByRole("radio", { name: "By margin" }).press("ArrowRight");
  await page.getByLabel("Images").fill("60");
  await page.getByLabel("Seed").fill("7");
  await page.getByLabel("Second reading").fill("10");
  await expect(
    page.getByText(/^60 random · 10 twice .* 70 readings, 7 min at 6 s each$/),
  ).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog", { name: "Freeze plan 1" })).toBeVisible();
  await page.getByRole("button", { name: "Freeze plan of 60" }).press("Enter");
  await expect(page.getByText(/^Plan 1 is in force/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Random sample 60" })).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, "plan");

  // Every item of the sample, by one key each; the first ten are Spurious.
  await page.keyboard.press("Control+5");
  await expect(page.getByRole("navigation", { name: "Where you are" })).toContainText(
    "Random sample 60",
  );
  await expect.poll(() => fileInView(page)).not.toBe("");
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  for (let read = 0; read < 60; read++) {
    const file = await fileInView(page);
    await page.keyboard.press(read < 10 ? "2" : "1");
    if (read < 10) {
      await page.keyboard.press("m");
      await page.keyboard.press("Enter");
    }
    if (read < 59) await expect.poll(() => fileInView(page)).not.toBe(file);
  }
  await expect(page.getByText("Every item of Random sample 60, seed 7 is read")).toBeVisible();

  await page.keyboard.press("Control+1");
  await expect(page.getByText(/of 60 in the random sample/)).toBeVisible();
  await expect(
    page.getByText(/95\s% interval .*\s%, Wilson by patient, \d+ patients\./),
  ).toBeVisible();
  // Ten of the sixty are Spurious in all.
  const spurious = await page.locator("tbody tr td:nth-child(6)").allTextContents();
  const counts = spurious.map((text) => text.trim().split(" of ").map(Number));
  expect(counts.reduce((sum, [k]) => sum + k, 0)).toBe(10);
  expect(counts.reduce((sum, [, n]) => sum + n, 0)).toBe(60);
  // The second reading is another person's: what is left for this one are the suspects.
  await expect(page.getByText(/images of Suspects 60, run 1 unread/)).toBeVisible();
  for (const theme of ["light", "dark", "contrast"] as const) {
    await wear(page, theme);
    await expect(page.getByText(/of 60 in the random sample/)).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `overview-${theme}`);
  }

  // A number leads to its images.
  await page.getByRole("button", { name: /^Right for the wrong reason/ }).press("Enter");
  await expect(page).toHaveURL(/\/grid/);
});

test("a second plan needs a reason, and both are kept", async ({ page }) => {
  await page.getByRole("link", { name: "Plan", exact: true }).first().press("Enter");
  await expect(page.getByText(/^148 random/)).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: /^Freeze plan of/ }).press("Enter");
  await expect(page.getByText(/^Plan 1 is in force/)).toBeVisible();
  await page.getByRole("button", { name: "Change the plan…" }).press("Enter");
  await page.getByRole("radio", { name: "Open", exact: true }).press("ArrowRight");
  await expect(page.getByText("The picture first, then the map, then the answer")).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog", { name: "Freeze plan 2" })).toBeVisible();
  const yes = page.getByRole("button", { name: /^Freeze plan of/ });
  await expect(yes).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Reason").fill("Readers shall not see the answer first");
  await yes.press("Enter");
  await expect(page.getByText(/^Plan 2 is in force/)).toBeVisible();
  await expect(page.getByText("Reason: Readers shall not see the answer first")).toBeVisible();
  await expect(page.getByText("replaced")).toBeVisible();
});
