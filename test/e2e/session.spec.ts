import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { writeDemoDicom } from "../support/demo-dicom.ts";
import { demoFolder } from "../support/test-app.ts";
import { serveHansight, type Served } from "../support/served.ts";
import { fileInView, verdictButton } from "./review-steps.ts";
import { keepPicture } from "./steps.ts";

/**
 * A whole review session by keyboard alone: DICOM in, data check, plan, two blind readers in two copies, merge, a finding
 * with its region test, report, two signatures, verify, and one flipped byte found.
 */
let disc: string;
let served: Served;

test.beforeAll(async () => {
  if (!process.env["HANSIGHT_SWEEP"]) return;
  disc = mkdtempSync(join(tmpdir(), "hansight-disc-"));
  await writeDemoDicom(disc);
  cpSync(join(demoFolder, "chest-resnet.onnx"), join(disc, "chest-resnet.onnx"));
  cpSync(join(demoFolder, "classes.txt"), join(disc, "classes.txt"));
  served = await serveHansight({ withDemo: false, allow: [disc] });
});
test.afterAll(async () => {
  if (!process.env["HANSIGHT_SWEEP"]) return;
  await served.stop();
  rmSync(disc, { recursive: true, force: true });
});

const secret = "four words in a row";

/** Walks a list by its arrow keys to the row that begins with `name`. */
async function walkTo(page: Page, name: string): Promise<void> {
  const row = page.getByRole("option").filter({ hasText: new RegExp(`^\\s*${name}`) });
  await expect(row).toBeVisible();
  for (let step = 0; step < 20; step++) {
    if ((await row.getAttribute("aria-selected")) === "true") return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`${name} cannot be reached by the arrow keys`);
}

async function choose(page: Page, row: string, name: string): Promise<void> {
  await page.getByRole("button", { name: `${row}: Choose…` }).press("Enter");
  await expect(page.getByRole("listbox", { name: "What is here" })).toBeFocused();
  await walkTo(page, "hansight-disc-");
  await page.keyboard.press("Enter");
  await walkTo(page, name);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
}

async function introduce(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Passphrase", { exact: true }).fill(secret);
  await page.getByLabel("Passphrase again").fill(secret);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Where you are" })).toBeVisible();
}

test("from the disc to the signed page, by keyboard alone", async ({ page, context }) => {
  test.skip(!process.env["HANSIGHT_SWEEP"], "two minutes long: asked for by HANSIGHT_SWEEP=1");
  test.setTimeout(300_000);
  await page.goto(served.address);
  await introduce(page, "Anna Meyer");

  await page.keyboard.press("Control+Alt+n");
  await choose(page, "Folder of images", "images");
  await choose(page, "Label file or folder", "labels.csv");
  await expect(page.getByText("200 of 200 matched")).toBeVisible({ timeout: 60_000 });
  await choose(page, "Model file", "chest-resnet.onnx");
  await expect(page.getByText(/% right \(\d+ of \d+\)/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByLabel("Name of the audit").fill("Clinic");
  await page.getByLabel("What is audited").fill("Does the model look at the lung?");
  await keepPicture(page, "session-new-audit");
  await page.getByRole("button", { name: "Create audit" }).press("Enter");
  await page.waitForURL(/\/a\/.+\/runs/, { timeout: 60_000 });
  await page.getByRole("button", { name: "Start run" }).press("Enter");
  await expect(page.getByRole("cell", { name: "200 of 200" })).toBeVisible({ timeout: 180_000 });
  await keepPicture(page, "session-run");

  // Ben joins, so that the plan can name him.
  await command(page, "sign out");
  await page.getByRole("button", { name: "Add a person…" }).press("Enter");
  await introduce(page, "Ben Kone");
  await command(page, "sign out");
  await page.getByRole("button", { name: /Anna Meyer/ }).press("Enter");
  await unlock(page);

  await page.getByRole("link", { name: "Plan", exact: true }).first().press("Enter");
  await page.getByRole("radio", { name: "By margin" }).press("ArrowRight");
  await page.getByLabel("Images").fill("60");
  await page.getByLabel("Seed").fill("7");
  await page.getByRole("radio", { name: "Open", exact: true }).press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "Reader-blind" })).toBeChecked();
  await setPart(page, "Anna Meyer", "first");
  await setPart(page, "Ben Kone", "second");
  await page.getByLabel("Second reading").fill("60");
  await expect(page.getByText(/^60 random · 60 twice/)).toBeVisible();
  await keepPicture(page, "session-plan");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Freeze plan of 60" }).press("Enter");
  await expect(page.getByText(/^Plan 1 is in force/)).toBeVisible();

  // Ben reads on another computer, in a copy.
  await served.kill();
  const [name = ""] = readdirSync(join(served.folder, "Hansight"));
  const away = await served.copied(join("Hansight", name));
  served = await served.again();
  const ben = await context.newPage();
  await ben.goto(away.address);
  await ben.getByRole("button", { name: /Ben Kone/ }).press("Enter");
  await unlock(ben);
  await readAll(ben, 60, 8);
  await keepPicture(ben, "session-ben-done");

  await page.goto(served.address);
  await page.getByRole("button", { name: /Anna Meyer/ }).press("Enter");
  await unlock(page);
  await page
    .getByRole("link", { name: "Grid", exact: true })
    .or(page.getByRole("button", { name: "Grid", exact: true }))
    .first()
    .press("Enter");
  await expect(page).toHaveURL(/#\/a\//);
  await readAll(page, 60, 10);
  await keepPicture(page, "session-anna-done");

  // Ben's copy comes back, and both readings stand side by side.
  await away.kill();
  cpSync(join(away.folder, "Hansight", name), join(served.folder, "from-ben.hansight"), {
    recursive: true,
  });
  await away.stop();
  await command(page, "Merge a copy");
  const places = page.getByRole("listbox", { name: "What is here" });
  await expect(places).toBeFocused();
  await walkTo(page, "hansight-journey-");
  await page.keyboard.press("Enter");
  await walkTo(page, "from-ben.hansight");
  await page.keyboard.press("Enter");
  const merge = page.getByRole("dialog", { name: /^Merge into/ });
  await merge.getByRole("button", { name: /^Merge \d+ entries/ }).press("Enter");
  await expect(merge.getByText(/^Merged: \d+ entries came in/)).toBeVisible();
  await keepPicture(page, "session-merged");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+1");
  await expect(page.getByText(/of 60 in the random sample/)).toBeVisible();
  await page.getByRole("link", { name: "Plan", exact: true }).first().press("Enter");
  await expect(page.getByText("Krippendorff", { exact: false }).first()).toBeVisible();
  await keepPicture(page, "session-agreement");

  // A finding from the first Spurious item, with its region test.
  await page.keyboard.press("Control+4");
  await expect(page.getByRole("gridcell").first()).toBeVisible();
  await page.getByRole("grid").focus();
  await page.keyboard.press("Enter");
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  await page.keyboard.press("2");
  await expect(page.getByRole("listbox", { name: "Reasons" })).toBeVisible();
  await page.keyboard.press("m");
  await page.keyboard.press("Escape"); // stays on the item
  await page.keyboard.press("r");
  await expect(page.getByRole("spinbutton", { name: "Left" })).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.getByRole("group", { name: "Cover with" })).toBeVisible();
  await page.keyboard.press("Enter");
  const card = page.getByRole("complementary").locator("details").filter({ hasText: "→" });
  await expect(card.getByText(/same-size areas? elsewhere/)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+Q");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("PORT marker read as consolidation");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Finding made: PORT marker")).toBeVisible();
  await page.keyboard.press("Control+7");
  await page.getByRole("radio", { name: "Critical" }).press("Space");
  await page.getByRole("textbox", { name: "Statement" }).fill("The score follows the marker.");
  await page.getByRole("button", { name: "Mark as accepted" }).press("Enter");
  await expect(page.getByRole("combobox", { name: "State" })).toHaveValue("accepted");
  await keepPicture(page, "session-finding");

  // Two signatures.
  await page.keyboard.press("Control+8");
  const add = page.getByRole("group", { name: "Add a signer" });
  await add.getByLabel("Who signs").selectOption({ label: "Ben Kone" });
  await add.getByLabel("Signs as").selectOption("reviewed");
  await add.getByRole("button", { name: "Add a signer" }).press("Enter");
  await page.getByRole("button", { name: "Sign revision 1…" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign revision 1" });
  await dialog.getByRole("button", { name: "Lock and build revision 1" }).press("Enter");
  await expect(dialog.getByLabel("Passphrase")).toBeVisible({ timeout: 120_000 });
  await dialog.getByLabel("Passphrase").fill(secret);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await command(page, "sign out");
  await page.getByRole("button", { name: /Ben Kone/ }).press("Enter");
  await unlock(page);
  await page.getByRole("button", { name: "Sign revision 1…" }).press("Enter");
  await dialog.getByLabel("Passphrase").fill(secret);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await keepPicture(page, "session-signed");

  await command(page, "go to record");
  await page.getByRole("button", { name: "Verify this audit" }).press("Enter");
  const verify = page.getByRole("complementary", { name: "Verify" });
  await expect(verify).toContainText(/Unchanged since signed by Anna Meyer on .* and Ben Kone on/);
  const path = join(served.folder, "Hansight", name, "exports/r1/items.csv");
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
  await page.getByRole("button", { name: "Verify again" }).press("Enter");
  await expect(verify).toContainText("Broken: 1 difference from what was signed by");
  await expect(verify).toContainText(/items\.csv differs from what Anna Meyer and Ben Kone signed/);
  await keepPicture(page, "session-broken");
});

async function unlock(page: Page): Promise<void> {
  await page.getByLabel("Passphrase", { exact: true }).fill(secret);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Where you are" })).toBeVisible();
}

/** Runs a command by its words. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function setPart(page: Page, name: string, part: string): Promise<void> {
  const group = page.getByRole("radiogroup", { name: `${name} reads` });
  const wanted = group.getByRole("radio", { name: part, exact: true });
  await group.getByRole("radio").and(page.locator("[aria-checked=true], :checked")).focus();
  for (let step = 0; step < 3 && !(await wanted.isChecked()); step++)
    await page.keyboard.press("ArrowRight");
  await expect(wanted).toBeChecked();
}

/** Reads the queue in view to its end; the first ones are Spurious by a marker. */
async function readAll(page: Page, items: number, spurious: number): Promise<void> {
  await page.keyboard.press("Control+5");
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  await expect.poll(() => fileInView(page)).not.toBe("");
  for (let read = 0; read < items; read++) {
    const file = await fileInView(page);
    await page.keyboard.press(read < spurious ? "2" : "1");
    if (read < spurious) {
      await page.keyboard.press("m");
      await page.keyboard.press("Enter");
    }
    if (read < items - 1) await expect.poll(() => fileInView(page)).not.toBe(file);
  }
  await expect(page.getByText(/^Every item of .* is read/)).toBeVisible();
}
