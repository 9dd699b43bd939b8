import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Answers the first start's one question. */
export async function nameYourself(page: Page): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill("Anna Meyer");
  await expect(page.getByLabel("Initials")).toHaveValue("AM");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Where you are" })).toBeVisible();
}

/** Wears a theme, as the menu does. */
export async function wear(page: Page, theme: "light" | "dark" | "contrast"): Promise<void> {
  await page.evaluate((name) => localStorage.setItem("hansight.theme", name), theme);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
}

/** No finding of axe that would keep somebody out. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  expect(serious).toEqual([]);
}

/** Keeps a picture of the screen for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/pictures/${name}.png`, animations: "disabled" });
}
