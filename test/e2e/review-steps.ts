import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, type Page } from "@playwright/test";

const truth = join(import.meta.dirname, "../corpus/demo/planted-truth.csv");

/** File names of the demo set that carry a planted marker: `PORT`, written into a lower corner. */
export function portFiles(): ReadonlySet<string> {
  const [head, ...lines] = readFileSync(truth, "utf8").trim().split("\n");
  const column = head.split(",").indexOf("marker");
  return new Set(
    lines
      .map((line) => line.split(","))
      .filter((cells) => cells[column] === "1")
      .map((cells) => cells[0].split("/").at(-1) ?? ""),
  );
}

/** Goes to the Grid, since an audit opens on its Overview, and waits until its first cell is named. */
export async function gridIsReady(page: Page): Promise<void> {
  await expect(page).toHaveURL(/#\/a\//);
  if (!page.url().includes("/grid")) await page.keyboard.press("Control+4");
  await expect(page.getByRole("gridcell", { name: /suspicion 0\.99/ }).first()).toBeVisible();
}

/** The cell of a file. */
export function cellOf(page: Page, file: string): Locator {
  return page.getByRole("gridcell", { name: new RegExp(`^${file},`) });
}

/** A button of the verdict bar. */
export function verdictButton(page: Page, name: string): Locator {
  return page.getByRole("toolbar", { name: "Verdict" }).getByRole("button", { name });
}

/** The name of the file in view in Review. */
export async function fileInView(page: Page): Promise<string> {
  const picture = page.getByRole("region", { name: "Picture" });
  return (await picture.locator(".corner.top.left span").first().textContent()) ?? "";
}

/**
 * From an audit just opened to a verdict with its reason on a PORT item, by keys alone. Answers with the file and how
 * many keys it took.
 */
export async function judgePortItem(page: Page): Promise<{ file: string; presses: number }> {
  await gridIsReady(page);
  let presses = 0;
  const press = async (key: string) => {
    presses++;
    await page.keyboard.press(key);
  };
  await press("Enter"); // the most suspicious item, focused as the audit opens
  await expect(page).toHaveURL(/\/review\?/);
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  const file = await fileInView(page);
  expect(portFiles().has(file)).toBe(true);
  await press("2");
  await expect(page.getByRole("listbox", { name: "Reasons" })).toBeVisible();
  await press("m");
  await press("Enter");
  return { file, presses };
}
