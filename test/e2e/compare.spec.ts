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
const legends = (page: Page) => panes(page).getByRole("group", { name: /^Legend of/ });
const table = (page: Page) => page.getByRole("table", { name: "Methods, the best first" });
const verdict = (page: Page) => page.getByRole("group", { name: "Which method to use" });
const strip = (page: Page) => page.getByRole("group", { name: "Pictures of the sample" });
const current = (page: Page) => strip(page).locator("[aria-current=true]");

/** Three methods on eight pictures, without sheets. */
async function compareThree(page: Page): Promise<void> {
  const slots = page.getByRole("group", { name: "Methods", exact: true });
  for (const [slot, method] of ["cam", "layercam", "eigen-cam", "none"].entries())
    await slots.getByRole("combobox", { name: `Method ${slot + 1}` }).selectOption(method);
  await page.getByLabel("Pictures", { exact: true }).fill("8");
  await page.getByRole("checkbox", { name: /reliability sheets/ }).uncheck();
  await page.keyboard.press("Control+Enter");
}

test("compares three methods on eight pictures, and panes share what is linked", async ({
  page,
}) => {
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByText(/methods? that this model does not support/).click();
  await expect(page.getByText(/no layer of this model/).first()).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, "compare-form-light");
  await compareThree(page);

  // It goes on while one is elsewhere.
  await expect(page.getByRole("progressbar", { name: /pictures|turn/ })).toBeVisible();
  await page.getByRole("link", { name: "Grid" }).click();
  await gridIsReady(page);
  await page.getByRole("link", { name: "Compare" }).click();
  await expect(verdict(page)).toContainText(/Use |None can be recommended/, { timeout: 60_000 });
  await expect(verdict(page)).toContainText("8 of 240 pictures, seed 1");
  await expect(table(page).getByRole("row")).toHaveCount(1 + 3 + 4);
  await expect(table(page).getByRole("row", { name: /LayerCAM/ })).toContainText("not made");
  await expect(table(page).getByRole("row", { name: /Sobel edges/ })).toContainText("reference");

  // One scale: all panes end at the same multiple.
  await expect(legends(page)).toHaveCount(3);
  const ends = (await legends(page).allTextContents()).map(
    (text) => /([\d.]+) × p99/.exec(text)?.[1],
  );
  expect(ends[0]).toBeDefined();
  expect(ends).toEqual([ends[0], ends[0], ends[0]]);
  await expectAccessible(page);
  await keepPicture(page, "compare-light");

  await linksHold(page);
  await keysWalk(page);

  // Against the first: EigenCAM is another map, and the panes say what they show.
  await page.getByRole("radio", { name: "Difference" }).click();
  await expect(panes(page).getByRole("region", { name: /, difference to CAM$/ })).not.toHaveCount(
    0,
  );
  await expectAccessible(page);
  await keepPicture(page, "compare-difference-light");
  await page.getByRole("radio", { name: "Agreement", exact: true }).click();
  await expect(panes(page).getByRole("region", { name: /, where CAM agrees$/ })).not.toHaveCount(0);
  await page.getByRole("radio", { name: "Maps" }).click();
  await expect(panes(page).getByRole("region", { name: "LayerCAM", exact: true })).toBeVisible();

  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  expect((await saved).suggestedFilename()).toBe("method-bench-seed-1.csv");

  // Another visit, another theme: the comparison is still there.
  await wear(page, "dark");
  await expect(verdict(page)).toContainText("8 of 240 pictures");
  await expect(legends(page)).toHaveCount(4);
  await expectAccessible(page);
  await keepPicture(page, "compare-dark");
});

/** Zoom together, then apart; each its own scale; a reference as the fourth pane, and no fifth. */
async function linksHold(page: Page): Promise<void> {
  const canvases = await panes(page).locator(".pane canvas").all();
  expect(canvases).toHaveLength(3);
  const shots = () => Promise.all(canvases.map((one) => one.screenshot()));
  // No cross of the pointer and no focus ring in what is compared.
  await page.getByRole("button", { name: "Pointer", exact: true }).click();
  const box = await canvases[0].boundingBox();
  if (!box) throw new Error("no pane");
  const zoomFirst = async () => {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.wheel(0, -400);
  };
  const fitted = await shots();
  const moved = async () => (await shots()).map((shot, at) => !shot.equals(fitted[at]));
  await zoomFirst();
  await expect.poll(moved).toEqual([true, true, true]);
  await page.keyboard.press("f");
  await expect.poll(moved).toEqual([false, false, false]);
  await page.keyboard.press("l");
  await zoomFirst();
  await expect.poll(moved).toEqual([true, false, false]);
  await page.keyboard.press("l");
  await page.keyboard.press("f");

  await page.keyboard.press("Shift+L");
  await expect(page.getByText(/Each pane has its own scale/)).toBeVisible();
  await expect(legends(page).first()).toContainText("Own scale");
  await page.keyboard.press("Shift+L");

  await table(page).getByRole("button", { name: "Show Sobel edges beside the others" }).click();
  await expect(panes(page).getByRole("region", { name: "Sobel edges" })).toBeVisible();
  await expect(
    table(page).getByRole("button", { name: "Show Uniform random beside the others" }),
  ).toHaveAttribute("aria-disabled", "true");
}

/** Through the pictures by keys, as drawn and by least agreement; the address follows. */
async function keysWalk(page: Page): Promise<void> {
  await panes(page).focus();
  const first = (await current(page).getAttribute("aria-label")) ?? "";
  await page.keyboard.press("ArrowRight");
  await expect(current(page)).not.toHaveAttribute("aria-label", first);
  await expect(page).toHaveURL(/item=\d+/);
  await page.keyboard.press("Home");
  await expect(current(page)).toHaveAttribute("aria-label", first);

  await page.keyboard.press("s");
  await page.keyboard.press("Home");
  const words = await strip(page).getByRole("button").allTextContents();
  const agreements = words.map((text) => Number(text.trim().replace("−", "-")));
  expect(agreements).toHaveLength(8);
  expect(agreements).toEqual(agreements.toSorted((a, b) => a - b));
}

test("a picture of the Grid opens side by side before any comparison", async ({ page }) => {
  await page.getByRole("grid").focus();
  await page.keyboard.press("Shift+Enter");
  await expect(page).toHaveURL(/compare\?item=\d+/);
  await expect(legends(page)).toHaveCount(4, { timeout: 60_000 });
  await panes(page).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/review/);
});
