import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { gridIsReady } from "./review-steps.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
  await gridIsReady(page);
});
test.afterEach(() => served.stop());

const panes = (page: Page) => page.getByRole("region", { name: "Pictures side by side" });
const table = (page: Page) => page.getByRole("table", { name: "Methods, the best first" });
const current = (page: Page) =>
  page.getByRole("group", { name: "Pictures of the sample" }).locator("[aria-current=true]");

/** Three methods on twelve pictures, without sheets. */
async function compareThree(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Compare" }).click();
  const slots = page.getByRole("group", { name: "Methods", exact: true });
  for (const [slot, method] of ["cam", "layercam", "eigen-cam", "none"].entries())
    await slots.getByRole("combobox", { name: `Method ${slot + 1}` }).selectOption(method);
  await page.getByLabel("Pictures", { exact: true }).fill("12");
  await page.getByRole("checkbox", { name: /reliability sheets/ }).uncheck();
  await page.keyboard.press("Control+Enter");
}

test("compares three methods, and goes on while one is elsewhere", async ({ page }) => {
  await compareThree(page);
  await expect(page.getByRole("progressbar", { name: /pictures|turn/ })).toBeVisible();
  await page.getByRole("link", { name: "Grid" }).click();
  await gridIsReady(page);
  await page.getByRole("link", { name: "Compare" }).click();

  // The sentence, and what it rests on.
  const verdict = page.getByRole("group", { name: "Which method to use" });
  await expect(verdict).toContainText(/Use |None can be recommended/, { timeout: 60_000 });
  await expect(verdict).toContainText("Sanity checks were not made");
  await expect(verdict).toContainText("12 of 240 pictures, seed 1");
  await expect(table(page).getByRole("row")).toHaveCount(1 + 3 + 4);
  await expect(table(page).getByRole("row", { name: /LayerCAM/ })).toContainText("not made");
  await expect(table(page).getByRole("row", { name: /Sobel edges/ })).toContainText("reference");

  // Keys walk the pictures, and the address follows.
  await panes(page).focus();
  const first = await current(page).getAttribute("aria-label");
  await page.keyboard.press("ArrowRight");
  await expect(current(page)).not.toHaveAttribute("aria-label", first ?? "");
  await page.keyboard.press("Home");
  await expect(current(page)).toHaveAttribute("aria-label", first ?? "");
  await expect(page).toHaveURL(/item=\d+/);

  // Least agreement first.
  await page.keyboard.press("s");
  await page.keyboard.press("Home");
  const agreements = await page
    .getByRole("group", { name: "Pictures of the sample" })
    .getByRole("button")
    .evaluateAll((all) =>
      all.map((one) => Number(one.textContent?.trim().replace("−", "-") ?? NaN)),
    );
  expect(agreements).toHaveLength(12);
  expect(agreements).toEqual(agreements.toSorted((a, b) => a - b));

  // A reload finds the same comparison.
  await page.reload();
  await expect(verdict).toContainText(/Use |None can be recommended/);

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  expect((await saved).suggestedFilename()).toBe("method-bench-seed-1.csv");
});

test("panes share zoom and scale until the links are cut", async ({ page }) => {
  await compareThree(page);
  await expect(table(page)).toBeVisible({ timeout: 60_000 });
  await expect(panes(page).getByRole("region")).toHaveCount(3);
  const legends = panes(page).getByRole("group", { name: /^Legend of/ });
  await expect(legends).toHaveCount(3);
  const ends = async () =>
    (await legends.allTextContents()).map((text) => /([\d.]+) × p99/.exec(text)?.[1]);
  const [end, ...others] = await ends();
  expect(end).toBeDefined();
  expect(others).toEqual([end, end]);

  await panes(page).focus();
  const shots = () => Promise.all(boxes.map((box) => box.screenshot()));
  const boxes = await panes(page).locator("canvas").and(page.locator(".pane canvas")).all();
  expect(boxes).toHaveLength(3);
  const before = await shots();
  // Linked: a wheel over one pane moves all three.
  const box = await boxes[0].boundingBox();
  if (!box) throw new Error("no pane");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -400);
  await expect
    .poll(async () => (await shots()).map((shot, at) => shot.equals(before[at])))
    .toEqual([false, false, false]);
  await page.keyboard.press("f");
  await page.keyboard.press("l");
  await page.getByRole("button", { name: "Pointer", exact: true }).click(); // no cross, no focus ring
  const fitted = await shots();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -400);
  await expect
    .poll(async () => (await shots()).map((shot, at) => shot.equals(fitted[at])))
    .toEqual([false, true, true]);

  await panes(page).focus();
  await page.keyboard.press("Shift+L");
  await expect(page.getByText(/Each pane has its own scale/)).toBeVisible();
  await expect(legends.first()).not.toContainText("p99 on");

  // Four at most, and a reference may be one of them.
  await table(page).getByRole("button", { name: "Show Sobel edges beside the others" }).click();
  await expect(panes(page).getByRole("region", { name: "Sobel edges" })).toBeVisible();
  await expect(
    table(page).getByRole("button", { name: "Show Uniform random beside the others" }),
  ).toHaveAttribute("aria-disabled", "true");
});

test("a picture of the Grid opens side by side before any comparison", async ({ page }) => {
  await page.getByRole("grid").focus();
  await page.keyboard.press("Shift+Enter");
  await expect(page).toHaveURL(/compare\?item=\d+/);
  await expect(
    panes(page)
      .getByRole("group", { name: /^Legend of/ })
      .first(),
  ).toBeVisible({
    timeout: 60_000,
  });
  await panes(page).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/review/);
});

for (const theme of ["light", "dark"] as const)
  test(`Compare keeps nobody out, ${theme}`, async ({ page }) => {
    await wear(page, theme);
    await gridIsReady(page);
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByText(/methods? that this model does not support/).click();
    await expect(page.getByText(/no layer of this model/).first()).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `compare-form-${theme}`);
    await page.getByText(/methods? that this model does not support/).click();
    await compareThree(page);
    await expect(table(page)).toBeVisible({ timeout: 60_000 });
    await expect(panes(page).getByRole("group", { name: /^Legend of/ })).toHaveCount(3);
    await page.mouse.move(0, 0);
    await expectAccessible(page);
    await keepPicture(page, `compare-${theme}`);
  });
