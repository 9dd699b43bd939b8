import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { gridIsReady } from "./review-steps.ts";
import { expectAccessible, keepPicture, wear } from "./steps.ts";

let served: Served;

test.beforeEach(async () => {
  served = await serveHansight({ withDemo: true });
});
test.afterEach(() => served.stop());

const secret = "four words in a row";

async function toGrid(page: Page): Promise<void> {
  await expect(page.getByRole("navigation", { name: "Where you are" })).toBeVisible();
  await page.keyboard.press("Control+4");
  await gridIsReady(page);
}

/** The first start: a name and a passphrase, by keyboard alone. */
async function welcome(page: Page): Promise<void> {
  await page.goto(served.address);
  await page.getByLabel("Name", { exact: true }).fill("Anna Meyer");
  await page.getByLabel("Passphrase", { exact: true }).fill(secret);
  await page.getByLabel("Passphrase again").fill("something else");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The two are not the same")).toBeVisible();
  await page.getByLabel("Passphrase again").fill(secret);
  await page.keyboard.press("Enter");
  await toGrid(page);
}

/** Runs a command by its words. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

/** Settings, on the people of this computer. */
async function peopleSettings(page: Page): Promise<void> {
  await page.keyboard.press("Control+,");
  const pages = page.getByRole("navigation", { name: "Pages of Settings" });
  await pages.getByText("People").click();
}

const passphrase = (page: Page) => page.getByLabel("Passphrase", { exact: true });

test("locks, opens by the passphrase alone, and nothing is lost behind", async ({ page }) => {
  await welcome(page);
  await page.keyboard.press("Control+5");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await page.keyboard.press("c");
  await page.keyboard.type("marker in the cor");
  const comment = page.getByRole("textbox", { name: "Comment" });
  await expect(comment).toBeFocused();
  await command(page, "lock the");
  await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();
  await expect(passphrase(page)).toBeFocused();
  await expect(comment).toBeHidden();
  await expect(page.getByText("marker in the cor")).toBeHidden();
  await expectAccessible(page);
  // Escape is no way out, and no key reaches the work.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+4");
  await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();

  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("the passphrase does not fit");
  // A reload leads around nothing.
  await page.reload();
  await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();
  await passphrase(page).fill(secret);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Locked" })).toBeHidden();
  await expect(comment).toHaveValue("marker in the cor");

  await comment.focus();
  await command(page, "lock the");
  await passphrase(page).fill(secret);
  await page.keyboard.press("Enter");
  await expect(comment).toBeFocused();
  await page.keyboard.type("ner");
  await expect(comment).toHaveValue("marker in the corner");
});

test("locks by itself after the idle time", async ({ page }) => {
  await page.clock.install();
  await welcome(page);
  await page.clock.fastForward("14:00");
  await expect(page.getByRole("heading", { name: "Locked" })).toBeHidden();
  await page.clock.fastForward("01:30");
  await expect(page.getByText("Nobody was here for a while")).toBeVisible();
});

test("a host that was started anew asks for the passphrase, and what was given is written then", async ({
  page,
}) => {
  await welcome(page);
  await page.keyboard.press("Control+5");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  // The session is forgotten as by a new start; the verdict meets no one signed in.
  await page.evaluate(() => sessionStorage.setItem("hansight.session", "forgotten"));
  await page.keyboard.press("1");
  await expect(page.getByRole("heading", { name: "Locked" })).toBeVisible();
  await passphrase(page).fill(secret);
  await page.keyboard.press("Enter");
  await expect(page.getByText("1 of 60 read")).toBeVisible();
  await expect(page.getByText("All saved")).toBeVisible();
});

test("a second person signs in, finds another's drafts nowhere, and a lead gives roles", async ({
  page,
}) => {
  await welcome(page);
  await command(page, "sign out");
  await expect(page.getByRole("heading", { name: "Who is working?" })).toBeVisible();
  await expect(page.getByRole("button", { name: /Anna Meyer/ })).toBeFocused();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add a person…" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Ben Ode");
  await page.keyboard.press("Enter");
  await toGrid(page);
  await expect(page.getByRole("contentinfo").getByText("Ben Ode")).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText("All saved")).toBeVisible();
  await peopleSettings(page);
  await expect(page.getByText("You are Reviewer here")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: /Ben Ode: person/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: /Anna Meyer/ }).click();
  await passphrase(page).fill(secret);
  await page.keyboard.press("Enter");
  const role = page.getByLabel("Role of Ben Ode");
  await expect(role).toHaveValue("reviewer");
  await keepPicture(page, "settings-roles");
  await role.selectOption("Viewer");
  await expect(page.getByText("Ben Ode is Viewer now")).toBeVisible();
  await page.getByLabel("Role of Anna Meyer").selectOption("Reviewer");
  await expect(page.getByRole("alert")).toContainText("without a lead");
  await expect(page.getByLabel("Role of Anna Meyer")).toHaveValue("lead");
});

test("nothing of it is cut off at 200 % in the smallest window", async ({ page }) => {
  await page.setViewportSize({ width: 512, height: 320 });
  const fits = async () => {
    const overflow = await page.evaluate(() => {
      const wide = [...document.querySelectorAll("main, dialog[open], html")].map(
        (one) => one.scrollWidth - one.clientWidth,
      );
      return Math.max(...wide);
    });
    expect(overflow).toBe(0);
  };
  await page.goto(served.address);
  await expect(page.getByRole("heading", { name: "Who is working?" })).toBeVisible();
  await fits();
  await page.getByLabel("Name", { exact: true }).fill("Anna Meyer");
  await passphrase(page).fill(secret);
  await page.getByLabel("Passphrase again").fill(secret);
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("navigation", { name: "Where you are" })).toBeVisible();
  await peopleSettings(page);
  await expect(page.getByRole("heading", { name: "People", exact: true })).toBeVisible();
  await fits();
  await command(page, "lock the");
  await expect(passphrase(page)).toBeFocused();
  await fits();
  await page.getByRole("button", { name: "Sign in as somebody else" }).click();
  await expect(page.getByRole("button", { name: /Anna Meyer/ })).toBeVisible();
  await fits();
});

for (const theme of ["light", "dark", "contrast"] as const)
  test(`signing in, the lock and Settings keep nobody out, ${theme}`, async ({ page }) => {
    await page.goto(served.address);
    await wear(page, theme);
    await expectAccessible(page);
    await keepPicture(page, `welcome-${theme}`);
    await welcome(page);
    await peopleSettings(page);
    await expect(page.getByRole("heading", { name: "People", exact: true })).toBeVisible();
    await expectAccessible(page);
    await keepPicture(page, `settings-people-${theme}`);
    await page.getByRole("button", { name: /Anna Meyer: person/ }).click();
    await expectAccessible(page);
    await keepPicture(page, `person-menu-${theme}`);
    await page.getByRole("menuitem", { name: "Lock" }).click();
    await expect(passphrase(page)).toBeFocused();
    await expectAccessible(page);
    await keepPicture(page, `lock-${theme}`);
    await page.getByRole("button", { name: "Sign in as somebody else" }).click();
    await expect(page.getByRole("button", { name: /Anna Meyer/ })).toBeFocused();
    await keepPicture(page, `sign-in-${theme}`);
  });
