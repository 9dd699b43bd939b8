import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { keepPicture, nameYourself } from "./steps.ts";

let served: Served;

test.beforeAll(async () => {
  served = await serveHansight({ withDemo: false });
});
test.afterAll(() => served.stop());

/** Opens the chooser of a row, enters the folder "demo" and chooses `name`, all by keyboard. */
async function choose(page: Page, row: string, name: string): Promise<void> {
  await page.getByRole("button", { name: `${row}: Choose…` }).click();
  const list = page.getByRole("listbox", { name: "What is here" });
  await expect(list).toBeFocused();
  await walkTo(page, "demo");
  await page.keyboard.press("Enter");
  await walkTo(page, name);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
}

async function walkTo(page: Page, name: string): Promise<void> {
  const row = page.getByRole("option").filter({ hasText: new RegExp(`^\\s*${name}`) });
  await expect(row).toBeVisible();
  for (let step = 0; step < 20; step++) {
    if ((await row.getAttribute("aria-selected")) === "true") return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${name} cannot be reached by the arrow keys`);
}

test("a new audit, from its folder to its report", async ({ page }) => {
  test.setTimeout(240_000); // a whole audit on two slow cores
  await page.goto(served.address);
  await nameYourself(page);
  await expect(page.getByText("Start with a folder of images")).toBeVisible();
  await keepPicture(page, "library-empty");

  await page.keyboard.press("Control+Alt+n");
  await choose(page, "Folder of images", "images");
  await expect(page.getByText("240 of 240 matched")).toBeVisible();
  await choose(page, "Model file", "chest-resnet.onnx");
  await choose(page, "Label file or folder", "labels.csv");
  await choose(page, "Evidence: masks or boxes", "evidence.csv");
  await expect(page.getByText(/% right \(\d+ of \d+\)/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("Name of the audit").fill("Chest pilot");
  await page.getByLabel("What is audited").fill("A chest radiograph classifier.");

  await page.reload(); // the draft survives
  await expect(page.getByLabel("Name of the audit")).toHaveValue("Chest pilot");
  await expect(page.getByText(/% right \(\d+ of \d+\)/).first()).toBeVisible({ timeout: 60_000 });
  await keepPicture(page, "new-audit");
  await page.getByRole("button", { name: "Create audit" }).click();

  await page.waitForURL(/\/a\/.+\/runs/, { timeout: 60_000 });
  await expect(page.getByText("No run yet: no map has been made")).toBeVisible();
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.getByRole("cell", { name: "Done" })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("cell", { name: "240 of 240" })).toBeVisible();

  await page.getByRole("button", { name: "Start run" }).click(); // the same inputs
  await expect(page.getByText("Run 1 has the same inputs.")).toBeVisible();
  await page.getByRole("button", { name: "Use run 1" }).click();

  await page.getByRole("button", { name: "Review its suspects" }).click();
  await page.waitForURL(/\/review\?queue=/);
  await expect(page.getByText("0 of 60 read").first()).toBeVisible();
  for (let read = 1; read <= 10; read++) {
    await page.keyboard.press("2");
    await page.keyboard.press("m");
    await page.keyboard.press("Enter");
    await expect(page.getByText(`${read} of 60 read`).first()).toBeVisible();
    await page.waitForTimeout(400); // the next picture comes by itself after 250 ms
  }
  await keepPicture(page, "review-ten");

  await page.getByRole("link", { name: "Report" }).click();
  await page.getByRole("button", { name: "Build draft" }).first().click();
  await expect(page.getByRole("link", { name: "Open PDF" })).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole("img", { name: /^Page 1 of/ })).toBeVisible();
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(
    page.getByText("The record and the files are as they were written; nothing is signed"),
  ).toBeVisible();
  await keepPicture(page, "report-built");
});
