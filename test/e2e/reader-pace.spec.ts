import { expect, test } from "@playwright/test";
import { serveHansight, type Served } from "../support/served.ts";
import { fileInView, verdictButton } from "./review-steps.ts";
import { nameYourself } from "./steps.ts";

let served: Served;

test.beforeEach(async ({ page }) => {
  served = await serveHansight({ withDemo: true });
  await page.goto(served.address);
  await nameYourself(page);
});
test.afterEach(() => served.stop());

declare global {
  interface Window {
    /** Milliseconds from a key to the frame after its effect, one for each press. */
    paces: { painted: number[]; turned: number[] };
  }
}

/**
 * The six-second loop, read by a script: picture with map, bare picture, verdict, reason, on. It fails when a step is lost;
 * the times are printed, since they are this machine's.
 */
test("reads ten items and prints what the machine takes of six seconds each", async ({ page }) => {
  test.setTimeout(240_000);
  await page.keyboard.press("Control+5");
  await expect(verdictButton(page, "Spurious")).toBeVisible();
  await expect.poll(() => fileInView(page)).toMatch(/\.jpg$/);
  await page.evaluate(() => {
    window.paces = { painted: [], turned: [] };
    const name = () => document.querySelector(".corner.top.left span")?.textContent ?? "";
    const isPressed = () =>
      document.querySelector('[role="toolbar"] .spurious')?.getAttribute("aria-pressed") === "true";
    const until = (isTrue: () => boolean, times: number[]) => {
      const fromMs = performance.now();
      const look = () => {
        if (isTrue()) requestAnimationFrame(() => times.push(performance.now() - fromMs));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    };
    addEventListener(
      "keydown",
      ({ key }) => {
        const before = name();
        if (key === "2") until(isPressed, window.paces.painted);
        if (key === "Enter") until(() => name() !== before, window.paces.turned);
      },
      true,
    );
  });
  const paces = () => page.evaluate(() => window.paces);
  for (let n = 1; n <= 10; n++) {
    await page.keyboard.down("Space"); // the bare picture
    await page.waitForTimeout(100);
    await page.keyboard.up("Space");
    await page.keyboard.press("2");
    await expect.poll(async () => (await paces()).painted.length).toBe(n);
    await page.keyboard.press("m");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await paces()).turned.length).toBe(n);
  }
  await expect(page.getByText(/10 of 60 read/).first()).toBeVisible();
  const { painted, turned } = await paces();
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const most = (values: number[]) => Math.max(...values);
  console.log(
    `reader    key to painted verdict ${middle(painted).toFixed(0)} ms (at most ${most(painted).toFixed(0)}), ` +
      `Enter to the next picture ${middle(turned).toFixed(0)} ms (at most ${most(turned).toFixed(0)}), 250 of them waited on purpose`,
  );
});
