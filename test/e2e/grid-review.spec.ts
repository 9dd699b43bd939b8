import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { cellOf, fileInView, gridIsReady, judgePortItem, verdictButton } from "./review-steps.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
  await gridIsReady(page);
});
test.afterEach(() => served.stop());

const toReview = async (page: Page) => {
  await page.keyboard.press("Control+5");
  await expect(page.getByText(/of 60/).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
};
test("from the opened audit to a PORT item with verdict and reason in at most 12 keys", async ({
  page,
}) => {
  const { file, presses } = await judgePortItem(page);
  expect(presses).toBeLessThanOrEqual(12);
  await page.keyboard.press("Control+4");
  await expect(cellOf(page, file)).toHaveAccessibleName(/verdict Spurious, Marker/);
  await page.reload();
  await expect(cellOf(page, file)).toHaveAccessibleName(/verdict Spurious, Marker/);
});

test("reviews ten items by keyboard, and the queue knows", async ({ page }) => {
  await toReview(page);
  const files = new Set<string>();
  const keys = ["1", "2", "3", "4", "5"];
  for (let n = 0; n < 10; n++) {
    const file = await fileInView(page);
    files.add(file);
    const key = keys[n % keys.length];
    await page.keyboard.press(key);
    if (key === "2" || key === "3") {
      await page.keyboard.press("d");
      await page.keyboard.press("Enter");
    }
    // The picture follows by itself.
    await expect.poll(() => fileInView(page)).not.toBe(file);
  }
  expect(files.size).toBe(10);
  await expect(page.getByText("10 of 60 read")).toBeVisible();
  await expect(page.getByRole("img", { name: /10 of 60 read: 2 Sound, 2 Spurious/ })).toBeVisible();
});

test("undoes what is in view at once, asks about what is not, and does it again", async ({
  page,
}) => {
  await toReview(page);
  const first = await fileInView(page);
  await page.keyboard.press("1");
  await expect.poll(() => fileInView(page)).not.toBe(first);
  // The last action was on the item before: it is named first.
  await page.keyboard.press("Control+z");
  await expect(page.getByText(`Last action was on ${first}`).first()).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect.poll(() => fileInView(page)).toBe(first);
  const sound = verdictButton(page, "Sound");
  await expect(sound).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("Control+Shift+z");
  await expect(sound).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Control+z");
  await expect(sound).toHaveAttribute("aria-pressed", "false");
  // Nothing was deleted: verdict and reversal are in the item's history.
  await expect(page.getByRole("complementary").getByText("Sound").first()).toBeVisible();
});

test("a verdict given while the host is away outlives a reload and is written once", async ({
  page,
}) => {
  await toReview(page);
  const file = await fileInView(page);
  await page.route("**/rpc/audits/apply", (route) => route.abort());
  await page.keyboard.press("4");
  await expect(page.getByText(/1 change is kept/)).toBeVisible({ timeout: 20_000 });
  await page.reload();
  await expect(verdictButton(page, "Unclear")).toBeVisible();
  await page.unroute("**/rpc/audits/apply");
  await expect(page.getByText("All saved")).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press("Control+4");
  await expect(cellOf(page, file)).toHaveAccessibleName(/verdict Unclear/);
  await cellOf(page, file).dblclick();
  const history = page.getByRole("list").filter({ hasText: "Unclear" });
  await expect(history.getByRole("listitem")).toHaveCount(1);
});

test("a half-typed comment and a half-drawn region come back after a reload", async ({ page }) => {
  await toReview(page);
  await page.keyboard.press("p");
  const well = await page.getByRole("region", { name: "Picture" }).boundingBox();
  if (!well) throw new Error("no picture");
  for (const [x, y] of [
    [0.4, 0.3],
    [0.5, 0.3],
    [0.5, 0.5],
  ])
    await page.mouse.click(well.x + well.width * x, well.y + well.height * y);
  await expect(page.getByText(/^3 points/)).toBeVisible();
  await page.keyboard.press("c");
  await page.keyboard.type("marker in the cor");
  await expect(page.getByText("Draft, not yet part of the record")).toBeVisible();
  await page.waitForTimeout(700); // the draft is written half a second after the last letter
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Comment" })).toHaveValue("marker in the cor");
  await expect(page.getByText(/^3 points/)).toBeVisible();
  await page.getByRole("region", { name: "Picture" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Shortcut, mine")).toBeVisible();
});

test("places a region by keys, moves and resizes it, and takes it away", async ({ page }) => {
  await toReview(page);
  await page.keyboard.press("r");
  await expect(page.getByText("Shortcut, mine")).toBeVisible();
  await expect(page.getByText("Keys: region")).toBeVisible();
  // A quarter of 320 pixels, in the middle.
  const left = page.getByLabel("Left", { exact: true });
  await expect(left).toHaveValue("120");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Alt+ArrowRight");
  await expect(left).toHaveValue("131");
  await expect(page.getByLabel("Width", { exact: true })).toHaveValue("81");
  await page.keyboard.press("Delete");
  await expect(page.getByText("Shortcut, mine")).toBeHidden();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("Shortcut, mine")).toBeVisible();
});

test("filters count under each other, and a place is found again", async ({ page }) => {
  await page.getByRole("checkbox", { name: /^wrong/ }).check();
  await expect(page.getByRole("heading", { name: "30 of 240" })).toBeVisible();
  // What would be left of the other words of this facet is shown as if it were not filtered.
  await expect(page.getByRole("checkbox", { name: /^right/ }).locator("..")).toContainText("210");
  await page.getByRole("checkbox", { name: /^nodule/ }).check();
  await expect(page.getByRole("heading", { name: "5 of 240" })).toBeVisible();
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  const active = await page.getByRole("grid").getAttribute("aria-activedescendant");
  await page.waitForTimeout(500); // places are written at most every 300 ms
  await page.reload();
  await expect(page.getByRole("heading", { name: "5 of 240" })).toBeVisible();
  await expect(page.getByRole("grid")).toHaveAttribute("aria-activedescendant", active ?? "");
  await expect(page.getByRole("group", { name: "Size of thumbnails" })).toContainText("160");
});

test("marks many at once: reasons first, one step back", async ({ page }) => {
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
  await expect(page.getByText("4 selected")).toBeVisible();
  await page.keyboard.press("2");
  await expect(page.getByText("Why spurious, for 4 items?")).toBeVisible();
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  const marked = page.getByRole("gridcell", { name: /verdict Spurious, Marker/ });
  await expect(marked).toHaveCount(4);
  await expect(page.getByText("Spurious set on 4 items")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(marked).toHaveCount(0);
});

for (const theme of ["light", "dark"] as const)
  test(`Grid and Review keep nobody out, ${theme}`, async ({ page }) => {
    await wear(page, theme);
    await gridIsReady(page);
    await page.keyboard.press("Shift+ArrowRight");
    await expectAccessible(page);
    await keepPicture(page, `grid-${theme}`);
    await page.getByRole("radio", { name: "List" }).click();
    await expectAccessible(page);
    await page.getByRole("radio", { name: "Grid" }).click();
    await toReview(page);
    await expectAccessible(page);
    await page.keyboard.press("r");
    await page.keyboard.press("2");
    await expect(page.getByRole("listbox", { name: "Reasons" })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `review-${theme}`);
  });
