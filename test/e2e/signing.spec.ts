import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { expectAccessible, keepPicture, wear } from "./steps.ts";

let served: Served;
test.beforeEach(async () => {
  served = await serveHansight({ withDemo: true });
});
test.afterEach(() => served.stop());

const secret = "four words in a row";

async function fillPerson(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Passphrase", { exact: true }).fill(secret);
  await page.getByLabel("Passphrase again").fill(secret);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Screens" })).toBeVisible();
}

/** Runs a command by its words. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

const report = async (page: Page) => {
  await page.keyboard.press("Control+8");
  await expect(page.getByRole("heading", { name: "Signatures" })).toBeVisible();
};
const state = (page: Page) => page.getByRole("navigation", { name: "Sections" });
const findings = (page: Page) => page.getByRole("complementary", { name: "Verify" });

test("builds, signs by two readers, verifies unchanged, and names the file with one flipped byte", async ({
  page,
  context,
}) => {
  test.setTimeout(240_000);
  await page.goto(served.address);
  await fillPerson(page, "Anna Meyer");
  await report(page);
  await expect(state(page)).toContainText("Revision 1, draft");
  await page.getByRole("radio", { name: "Edit text" }).click();
  await page.getByLabel("What is audited").fill("Does the model look at the lung?");
  await page.getByLabel("Intended use").focus(); // leaving a box saves it
  // The second reader, in a window of their own, joins by a judgement.
  const second = await context.newPage();
  await second.goto(new URL(served.address).origin);
  await second.getByRole("button", { name: "Add a person" }).click();
  await fillPerson(second, "Ben Kone");
  await second.keyboard.press("Control+5");
  await expect(second.getByRole("heading", { name: "History" })).toBeVisible();
  await second.keyboard.press("1");
  await expect(second.getByText(/1 of 60 read/).first()).toBeVisible();

  await expect(page.getByRole("button", { name: "Sign revision 1…" })).not.toHaveAttribute(
    "aria-disabled",
    "true",
  );
  const add = page.getByRole("group", { name: "Add a signer" });
  await add.getByLabel("Who signs").selectOption({ label: "Ben Kone" });
  await add.getByLabel("Signs as").selectOption("reviewed");
  await add.getByRole("button", { name: "Add a signer" }).click();
  await expect(page.getByText("Ben Kone, reviewed")).toBeVisible();
  for (const theme of ["dark", "light"] as const) {
    await page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
    await keepPicture(page, `report-draft-${theme}`);
  }

  await page.getByRole("button", { name: "Sign revision 1…" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign revision 1" });
  await expect(dialog).toContainText("Signing locks revision 1");
  await dialog.getByRole("button", { name: "Lock and build revision 1" }).click();
  const passphrase = dialog.getByLabel("Passphrase");
  await expect(passphrase).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByRole("radio", { name: "authored" })).toBeChecked();
  await expectAccessible(page);
  await keepPicture(page, "sign-dialog-light");
  await passphrase.fill("wrong");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("the passphrase does not fit");
  await dialog.getByLabel("Statement").fill("I planned this audit.");
  await passphrase.fill(secret);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(state(page)).toContainText("Revision 1, signed 1 of 2");
  await expect(page.getByText("Read only: signed revision 1.")).toBeVisible();

  await report(second);
  await second.getByRole("button", { name: "Sign revision 1…" }).click();
  const other = second.getByRole("dialog", { name: "Sign revision 1" });
  await expect(other.getByRole("radio", { name: "reviewed" })).toBeChecked();
  await other.getByLabel("Passphrase").fill(secret);
  await second.keyboard.press("Enter");
  await expect(other).toBeHidden();
  await expect(state(page)).toContainText("Revision 1, signed");
  await expect(page.getByText(/signed \d+ \w+ \d{4}/)).toHaveCount(2);
  await expectAccessible(page);
  await keepPicture(page, "report-signed-light");

  await command(page, "go to record");
  await expect(page.getByRole("heading", { name: "Record", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Verify this audit" }).click();
  await expect(findings(page)).toContainText(
    /Unchanged since signed by Anna Meyer on \d+ \w+ \d{4} and Ben Kone on/,
  );

  const path = join(served.audit ?? "", "exports/r1/items.csv");
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
  await page.getByRole("button", { name: "Verify again" }).click();
  await expect(findings(page)).toContainText("Broken: 1 difference from what was signed by");
  await expect(findings(page)).toContainText(
    /items\.csv differs from what Anna Meyer and Ben Kone signed\. Both are [\d,]+ bytes/,
  );
  await page.getByRole("grid", { name: "Entries of the record" }).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^Entry \d+$/ })).toBeVisible();
  await expectAccessible(page);
  await keepPicture(page, "record-broken-light");
  for (const theme of ["dark", "contrast"] as const) {
    await page.evaluate((name) => (document.documentElement.dataset["theme"] = name), theme);
    await expectAccessible(page);
    await keepPicture(page, `record-broken-${theme}`);
  }
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);

  // A correction is a new revision.
  await page.getByRole("button", { name: "Make revision 2…" }).click();
  const reopen = page.getByRole("dialog", { name: "Make revision 2" });
  await reopen.getByLabel("Why it is reopened").fill("The label of item 3 was wrong");
  await reopen.getByRole("button", { name: "Make revision 2" }).click();
  await expect(page.getByText("Read only: signed revision 1.")).toBeHidden();
  await report(page);
  await expect(state(page)).toContainText("Revision 2, draft");
  await expect(
    page.getByText("Reopened by Anna Meyer: The label of item 3 was wrong"),
  ).toBeVisible();
});

test("shows the record by person, kind and item, and opens what an entry is about", async ({
  page,
}) => {
  await page.goto(served.address);
  await fillPerson(page, "Anna Meyer");
  await page.keyboard.press("Control+5");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  await page.keyboard.press("1");
  await expect(page.getByText(/1 of 60 read/).first()).toBeVisible();
  await page.getByRole("link", { name: "Record" }).click();
  const table = page.getByRole("grid", { name: "Entries of the record" });
  await expect(table).toContainText("Verdict");
  await page.getByLabel("Kind").selectOption("verdict.set");
  await expect(page.getByText("1 entry", { exact: true })).toBeVisible();
  await expect(table.getByText("Run made")).toHaveCount(0);
  await page.getByLabel("Person", { exact: true }).selectOption({ label: "Hansight itself" });
  await expect(page.getByText("No entry is like that")).toBeVisible();
  await page.getByRole("button", { name: "Clear" }).first().click();
  await expect(table).toContainText("Run made");
  // A reload comes back to the same filter.
  await page.getByLabel("Kind").selectOption("verdict.set");
  await expect(table.getByText("Run made")).toHaveCount(0);
  await page.reload();
  await expect(page.getByLabel("Kind")).toHaveValue("verdict.set");
  await table.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^Open Item \d+/ }).click();
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
});

test("verifies any folder from the library and leaves it alone", async ({ page }) => {
  await page.goto(served.address);
  await fillPerson(page, "Anna Meyer");
  await page.getByRole("link", { name: "Library" }).click();
  await page.getByRole("button", { name: "Verify a folder…" }).click();
  const places = page.getByRole("dialog", { name: "Verify a folder" });
  await places.getByRole("listbox").press("Escape");
  await expect(places).toBeHidden();
  await wear(page, "dark");
  await expectAccessible(page);
});
