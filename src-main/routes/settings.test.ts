import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { usualHostSettings } from "../../shared/domain/host-settings.ts";
import { createTestApp, type TestApp } from "../../test/support/test-app.ts";
import { withoutPaths } from "./settings.ts";

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.remove());

it("keeps what was changed, refuses what is out of its limits, and tells the engine", async () => {
  const { settings } = app.client;
  expect(await settings.get()).toEqual({ settings: usualHostSettings, named: null });
  expect(await settings.change({ batch: 8 })).toEqual({ ...usualHostSettings, batch: 8 });
  await expect(settings.change({ batch: 0 })).rejects.toThrow();
  await settings.change({ device: "cpu" });
  const kept = readFileSync(join(app.folder, "home", "settings.json"), "utf8");
  expect(JSON.parse(kept)).toEqual({ batch: 8, device: "cpu" });
});

it("says of every device whether it works; the processor does", async () => {
  const tested = await app.client.settings.testDevices();
  expect(tested.find(({ device }) => device === "cpu")).toEqual({ device: "cpu", problem: null });
  expect(tested.map(({ device }) => device)).toContain("directml");
});

it("names neither a folder nor this computer's user in diagnostics", async () => {
  const lines = await app.client.settings.diagnostics();
  expect(lines.find(({ name }) => name === "setting.batch")?.value).toBe("8");
  const text = lines.map(({ value }) => value).join("\n");
  expect(text).not.toMatch(/[\\/]/);
});

it("cuts words off before a path", () => {
  expect(withoutPaths("cannot load libfoo.so")).toBe("cannot load libfoo.so");
  expect(withoutPaths("Failed to load library /home/anna m/x.so: no such file")).toBe(
    "Failed to load library …",
  );
  expect(withoutPaths("in C:\\Users\\anna\\x.dll")).toBe("in …");
});
