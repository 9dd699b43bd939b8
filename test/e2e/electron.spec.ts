import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { _electron, expect, test, type ElectronApplication, type Page } from "@playwright/test";
import { presentElectron } from "../../src-main/cli/electron-binary.ts";
import { copyDemoAudit } from "../support/served.ts";
import { expectAccessible, nameYourself } from "./steps.ts";

const electron = presentElectron();
const root = join(import.meta.dirname, "../..");

/** The journeys of the browser again, in the desktop app: they run where Electron's binary is. */
test.describe("the desktop app", () => {
  test.skip(electron === null, "Electron's binary is not on this machine");
  let app: ElectronApplication;
  let page: Page;
  let folder: string;

  test.beforeAll(async () => {
    spawnSync(process.execPath, ["node_modules/electron-vite/bin/electron-vite.js", "build"], {
      cwd: root,
    });
    const copy = copyDemoAudit();
    folder = copy.folder;
    app = await _electron.launch({
      executablePath: electron ?? "",
      args: [root, copy.audit, "--no-sandbox"],
      env: { ...process.env, HANSIGHT_HOME: join(folder, "home") } as Record<string, string>, // no value is undefined
    });
    page = await app.firstWindow();
  });
  test.afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("opens the audit named on its command line, on its Overview", async () => {
    await nameYourself(page);
    await expect(page).toHaveURL(/^app:\/\/hansight\/.*#\/a\/.+\/overview/);
    await expectAccessible(page);
  });

  test("judges the first suspect by keyboard", async () => {
    await page.keyboard.press("Control+5");
    await page.keyboard.press("2");
    await page.keyboard.press("m");
    await page.keyboard.press("Enter");
    await expect(page.getByText("All saved")).toBeVisible();
  });

  test("has no Node in the window", async () => {
    const kind = await page.evaluate(() => typeof (globalThis as { require?: unknown }).require);
    expect(kind).toBe("undefined");
  });
});
