import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { gridIsReady } from "./review-steps.ts";
import { expectAccessible, keepPicture, nameYourself, wear } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
});
test.afterEach(() => served.stop());

/** Opens Settings by its key, on a page. */
async function settings(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Control+,");
  await page
    .getByRole("navigation", { name: "Pages of Settings" })
    .getByRole("link", { name, exact: true })
    .click();
  await expect(page.getByRole("heading", { name, exact: true, level: 2 })).toBeVisible();
}

const row = (page: Page, name: string) => page.getByRole("group", { name, exact: true });

test("a change holds at once, is taken back, and is marked", async ({ page }) => {
  await settings(page, "Appearance");
  const html = page.locator("html");
  const density = row(page, "Density");
  await expect(density.getByText("Default", { exact: true })).toBeVisible();
  // By keyboard: the arrow chooses.
  await density.getByRole("radio", { name: "Usual" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(html).toHaveAttribute("data-density", "roomy");
  const roomy = await density.getByRole("radiogroup").boundingBox();
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(html).toHaveAttribute("data-density", "usual");
  const usual = await density.getByRole("radiogroup").boundingBox();
  expect((roomy?.height ?? 0) - (usual?.height ?? 0)).toBe(4);

  await density.getByRole("radio", { name: "Compact" }).click();
  await page.reload();
  await expect(html).toHaveAttribute("data-density", "compact");
  await density.getByRole("button", { name: "back to default" }).click();
  await expect(html).toHaveAttribute("data-density", "usual");

  await row(page, "Movement").getByRole("radio", { name: "None" }).click();
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter(
        (one) => getComputedStyle(one).transitionDuration !== "0s",
      ).length,
  );
  expect(moving).toBe(0);
});

test("dates and the start page are as chosen", async ({ page }) => {
  await settings(page, "General");
  await row(page, "Dates").getByRole("radio", { name: "In digits" }).click();
  await expect(page.getByText(/Now: \d{4}-\d\d-\d\d \d\d:\d\d/)).toBeVisible();
  await expectAccessible(page);
});

test("Review goes on or stays as Work says", async ({ page }) => {
  await settings(page, "Work");
  await row(page, "After a verdict").getByRole("radio", { name: "Stay" }).click();
  const wait = row(page, "Wait after a verdict").getByRole("textbox");
  await wait.fill("99999");
  await expect(page.getByText("A whole number from 0 to 5000")).toBeVisible();
  await wait.fill("0");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+5");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  const item = () => new URLSearchParams(page.url().split("?").at(-1)).get("item");
  const before = item();
  await page.keyboard.press("1");
  await expect(page.getByRole("link", { name: "Review 59 items to read" })).toBeVisible();
  expect(item()).toBe(before);
  await settings(page, "Work");
  await row(page, "After a verdict").getByRole("button", { name: "back to default" }).click();
  await page.keyboard.press("Control+5");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await expect.poll(item).not.toBe(before);
});

test("host settings lie in the data folder, caches go and copies come", async ({ page }) => {
  await page.keyboard.press("Control+4");
  await gridIsReady(page);
  await settings(page, "Speed");
  const device = page.getByRole("combobox", { name: "Models run on" });
  await device.selectOption({ label: "CPU" });
  const file = join(served.folder, "home", "settings.json");
  await expect.poll(() => readIn(file)).toEqual({ device: "cpu" });
  await page.getByRole("button", { name: "Test the devices" }).click();
  const tested = page.getByRole("table", { name: "Self-test of the devices" });
  await expect(tested.getByRole("row", { name: "CPU works" })).toBeVisible();
  await expect(tested.getByRole("row")).toHaveCount(7);

  await settings(page, "Privacy");
  await row(page, "Small pictures on the disk").getByRole("radio", { name: "Not kept" }).click();
  await expect.poll(() => readIn(file)).toEqual({ device: "cpu", keepsThumbnails: false });
  await page.getByRole("button", { name: /^Remove \d/ }).click();
  await expect(page.getByText(/^0 B on the disk/)).toBeVisible();
  // The Grid still shows every picture, and keeps none.
  await page.keyboard.press("Control+4");
  await gridIsReady(page);
  await settings(page, "Privacy");
  await expect(page.getByText(/^0 B on the disk/)).toBeVisible();

  await settings(page, "Backup");
  await page.getByRole("button", { name: "Make a copy now" }).click();
  await expect(page.getByRole("rowheader", { name: /^daily-/ })).toBeVisible();

  await settings(page, "About");
  await page.getByRole("button", { name: "Collect and show" }).click();
  await expect(page.getByRole("checkbox", { name: "setting.device: cpu" })).toBeVisible();
  const lines = await page.getByRole("checkbox").count();
  await page.getByRole("checkbox", { name: /^processor/ }).uncheck();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: /^Save \d+ lines/ }).click();
  const text = readFileSync(await (await saving).path(), "utf8");
  expect(text.trim().split("\n")).toHaveLength(lines - 1);
  for (const secret of ["Anna", "Meyer", "processor", ".png", ".hansight", served.folder])
    expect(text).not.toContain(secret);
});

test("every page, in every theme, by axe", async ({ page }) => {
  const pages = "General Appearance Keys Picture Work Speed Privacy People Backup About".split(" ");
  for (const theme of ["light", "dark", "contrast"] as const) {
    await wear(page, theme);
    for (const width of [1280, 1024]) {
      await page.setViewportSize({ width, height: 800 });
      for (const name of pages) {
        await page.keyboard.press("Control+,");
        await page
          .getByRole("navigation", { name: "Pages of Settings" })
          .getByRole("link", { name, exact: true })
          .click();
        await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
        if (width === 1280) await expectAccessible(page);
        const wide = await page.evaluate(() => document.body.scrollWidth - innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
        await keepPicture(page, `settings-${name}-${theme}-${width}`);
      }
    }
  }
});

function readIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null; // not written yet
  }
}

test("keys are pressed to be set, a conflict names both, and reset brings back", async ({
  page,
}) => {
  await settings(page, "Keys");
  await page.getByRole("textbox", { name: "Find a command" }).fill("jobs");
  await page.getByRole("button", { name: /^Change the keys of .*jobs/i }).click();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("alert")).toContainText("Ctrl+K is");
  await page.getByRole("button", { name: "Leave it" }).click();
  await page.getByRole("button", { name: /^Change the keys of .*jobs/i }).click();
  await page.keyboard.press("Control+Alt+j");
  const tray = page.getByRole("region", { name: "Jobs and notices" });
  await expect(tray).toHaveCount(0);
  await page.keyboard.press("Control+Alt+j");
  await expect(tray.first()).toBeVisible();
  await page.keyboard.press("Control+Alt+j");
  await expect(tray).toHaveCount(0);
  await page.keyboard.press("Control+Shift+j");
  await expect(tray).toHaveCount(0);
  await page.getByRole("button", { name: "Reset all keys" }).click();
  await page.keyboard.press("Control+Shift+j");
  await expect(tray.first()).toBeVisible();
  await expectAccessible(page);
});

test("in a strange language every word of Settings is strange, and none is cut", async ({
  page,
}) => {
  await page.evaluate(() => localStorage.setItem("hansight.language", "pseudo"));
  await page.setViewportSize({ width: 1024, height: 800 });
  const ids = "general appearance keys picture work speed privacy backup about".split(" ");
  for (const id of ids) {
    await page.goto(`${served.address.split(/[?#]/)[0] ?? ""}#/settings/${id}`);
    await page.reload();
    await expect(page.getByRole("heading", { level: 2 }).first()).toContainText("⟦");
    const plain = await page.evaluate(() => {
      const pages = document.querySelectorAll(
        "main :is(h2, h3, label, nav a, [role=radio], button)",
      );
      return [...pages]
        .map((one) => one.textContent.trim())
        .filter((text) => /\p{L}{3}/u.test(text) && !text.includes("⟦"));
    });
    expect(plain).toEqual([]);
    const over = await page.evaluate(() => document.body.scrollWidth - innerWidth);
    expect(over).toBeLessThanOrEqual(0);
    const main = await page.evaluate(() => {
      const one = document.querySelector("main");
      return one ? one.scrollWidth - one.clientWidth : 0;
    });
    expect(main, id).toBeLessThanOrEqual(0);
    await keepPicture(page, `settings-${id}-strange`);
  }
});
