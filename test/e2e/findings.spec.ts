import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { cellOf, fileInView, gridIsReady, verdictButton } from "./review-steps.ts";
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

/** Looks at a screen in both themes and both widths. */
async function lookAt(page: Page, name: string, ready: () => Promise<void>): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await wear(page, theme);
    await ready();
    await expectAccessible(page);
    for (const width of [1280, 1024]) {
      await page.setViewportSize({ width, height: 800 });
      await ready();
      await page.waitForTimeout(600); // pictures are drawn
      await keepPicture(page, `${name}-${theme}-${width}`);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test("makes a finding by keyboard from Review, fills it and accepts it", async ({ page }) => {
  await page.keyboard.press("Control+7");
  await expect(page.getByText("No finding yet", { exact: false })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Control+4");
  await gridIsReady(page);

  await page.keyboard.press("Enter");
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  const first = await fileInView(page);
  await page.keyboard.press("2");
  await expect(page.getByRole("listbox", { name: "Reasons" })).toBeVisible();
  await page.keyboard.press("m");
  await page.keyboard.press("Escape"); // stays on the item
  await page.keyboard.press("Shift+Q");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "Title" })).toHaveValue(/^Marker/);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("PORT marker read as consolidation");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Finding made: PORT marker")).toBeVisible();

  await page.keyboard.press("ArrowRight");
  await expect.poll(() => fileInView(page)).not.toBe(first);
  await page.keyboard.press("q");
  await expect(dialog.getByRole("option", { name: /PORT marker/ })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(page.getByText(/1 item added to PORT marker/)).toBeVisible();

  await page.keyboard.press("Control+7");
  const statement = page.getByRole("textbox", { name: "Statement" });
  await expect(page.getByRole("heading", { name: "Example plate" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Show 2 items" })).toBeVisible();
  await expect(page.getByText("Not measured")).toBeVisible();
  await statement.fill("The score follows the marker low in a corner.");
  await page.getByRole("textbox", { name: "Likelihood of harm" }).fill("Mobile units are common.");
  await page.getByRole("radio", { name: "Critical" }).click();
  await expect(page.getByText(/answers can be wrong in use/)).toBeVisible();
  await page.getByRole("button", { name: "Crop or mask" }).click();
  await page.getByRole("button", { name: "Retrain" }).click();
  await page.getByRole("textbox", { name: "Add a comment" }).fill("On both sites.");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("listitem").filter({ hasText: "On both sites." })).toBeVisible();
  await page.getByRole("button", { name: "Mark as accepted" }).click();
  await expect(page.getByRole("combobox", { name: "State" })).toHaveValue("accepted");

  // All of it is in the store: a reload finds it.
  await page.reload();
  await expect(statement).toHaveValue("The score follows the marker low in a corner.");
  await expect(page.getByRole("button", { name: "Crop or mask" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(page.getByRole("radio", { name: "Critical" })).toBeChecked();
  await lookAt(page, "findings", () =>
    expect(page.getByRole("button", { name: "Show 2 items" })).toBeVisible(),
  );

  // Its items in the Grid, and by the words of its title.
  await page.getByRole("button", { name: "Show 2 items" }).click();
  await expect(page.getByText("Finding: PORT marker read as consolidation")).toBeVisible();
  await expect(cellOf(page, first)).toBeVisible();
  await expect(page.getByRole("gridcell")).toHaveCount(2);
  await cellOf(page, first).click();
  await page.keyboard.press("1"); // no longer Spurious
  await page.keyboard.press("Control+7");
  await expect(page.getByText("1 item no longer Spurious").first()).toBeVisible();
});

test("adds a selection to a finding, and undoes it", async ({ page }) => {
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByRole("button", { name: "Add to finding…" }).click();
  await page.keyboard.type("Three of a kind");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Finding made: Three of a kind")).toBeVisible();
  await page.keyboard.press("Control+7");
  await expect(page.getByRole("button", { name: "Show 3 items" })).toBeVisible();
  await page
    .getByRole("button", { name: /^Take .* out of this finding$/ })
    .first()
    .click();
  await expect(page.getByRole("button", { name: "Show 2 items" })).toBeVisible();
  await page.locator("body").press("Control+Z");
  await expect(page.getByRole("button", { name: "Show 3 items" })).toBeVisible();
});

test("says why a finding without evidence cannot be accepted", async ({ page }) => {
  await page.keyboard.press("Control+7");
  await page.getByRole("button", { name: "New finding" }).click();
  await page.keyboard.type("A hunch");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No evidence yet").first()).toBeVisible();
  await page.getByRole("button", { name: "Mark as accepted" }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("Cannot accept the finding “A hunch”".replace(/[“”]/g, '"'));
  await expect(alert).toContainText("The finding stays open with all its words");
  await expect(alert).toContainText("Add an item or a region test");
  await expect(page.getByRole("combobox", { name: "State" })).toHaveValue("open");
});
