import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { fileInView, gridIsReady, verdictButton } from "./review-steps.ts";
import { expectAccessible, keepPicture, nameYourself } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
  await page.keyboard.press("Control+4");
  await gridIsReady(page);
});
test.afterEach(() => served.stop());

/** Runs a command of the palette. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

test("a room looks at three items, and its consensus stands beside the reader's verdicts", async ({
  page,
  context,
}) => {
  await page.keyboard.press("Enter");
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  const files: string[] = [];
  for (let n = 0; n < 3; n++) {
    files.push(await fileInView(page));
    await page.keyboard.press("m");
    await expect(page.getByRole("button", { name: "Mark for discussion" })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    if (n < 2) {
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => fileInView(page)).not.toBe(files[n]);
    }
  }
  await page.keyboard.press("1"); // the reader's own verdict of the third
  await expect.poll(() => fileInView(page)).not.toBe(files[2]);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => fileInView(page)).toBe(files[2]);

  await command(page, "Meeting on these");
  await expect(page.getByRole("heading", { name: "Begin a meeting" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "What is looked at" })).toHaveValue("discussed");
  await expectAccessible(page);
  await keepPicture(page, "meeting-start");
  await page.getByRole("textbox", { name: "Who is present" }).fill("Anna Meyer\nB. Kone\nDr Lang");
  await page.getByRole("button", { name: "Begin with 3 items" }).click();
  await expect(page.getByText("1 of 3")).toBeVisible();
  await expect(page.getByText("3 present")).toBeVisible();

  // The second window: the picture, and no names.
  const opened = context.waitForEvent("page");
  await page.getByRole("button", { name: "Second window" }).click();
  const second = await opened;
  await expect(second.getByRole("region", { name: "Picture of the meeting" })).toBeVisible();
  await expect(second.locator("canvas").first()).toBeVisible();
  for (const word of ["Anna Meyer", "Kone", ".jpg", "Sound", "Spurious"])
    await expect(second.locator("body")).not.toContainText(word);
  await second.waitForTimeout(600); // the picture is drawn
  await keepPicture(second, "meeting-second-window");
  await second.close();

  const said = page.getByRole("button", { name: "Show what others said" });
  await page.getByRole("region", { name: "Picture" }).focus();
  await expect(said).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("2");
  await expect(page.getByRole("listbox", { name: "Reasons" })).toBeVisible();
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  const dissent = page.getByRole("group", { name: "Dissent" }).getByRole("status");
  await expect(dissent).toHaveText("1 of 3");
  await page.keyboard.press("c");
  await page.keyboard.type("The letters in the corner");
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
  await expect(page.getByRole("region", { name: "What others said" })).toContainText(
    "Nobody judged this item before",
  );
  for (const width of [1280, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await page.waitForTimeout(600); // the picture is drawn
    await expectAccessible(page);
    await keepPicture(page, `meeting-${width}`);
  }
  await page.getByRole("region", { name: "Picture" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("2 of 3")).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("3 of 3", { exact: true })).toBeVisible();
  await page.keyboard.press("3");
  await page.keyboard.press("Escape"); // no reasons
  await page.keyboard.press("s");
  await expect(page.getByRole("region", { name: "What others said" })).toContainText(
    "Anna Meyer: Sound",
  );

  // A reload in the middle of it loses nothing.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await expect(page.getByText("3 of 3 decided")).toBeVisible();
  await page.getByRole("region", { name: "Picture" }).focus();
  await page.keyboard.press("Escape");
  await expect(verdictButton(page, "Sound")).toBeVisible();
  await expect.poll(() => fileInView(page)).toBe(files[2]);
  await expect(verdictButton(page, "Sound")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Consensus of a meeting").first()).toBeVisible();
});
