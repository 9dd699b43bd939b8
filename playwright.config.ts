import { defineConfig } from "@playwright/test";
import { chromiumFlags, findChromium } from "./test/support/chromium.ts";

const executablePath = findChromium();

/** Journeys against the loopback host, and the same in Electron where its binary is there. */
export default defineConfig({
  testDir: "test/e2e",
  outputDir: "test-results/browser",
  globalSetup: "./test/e2e/global-setup.ts",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: { args: chromiumFlags, ...(executablePath ? { executablePath } : {}) },
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "browser", testMatch: /.*\.spec\.ts/, testIgnore: /electron/ },
    { name: "electron", testMatch: /electron.*\.spec\.ts/ },
  ],
});
