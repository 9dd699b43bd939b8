import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const text = readFileSync(join(root, "electron-builder.yml"), "utf8");

/** Checks a configuration as electron-builder does before it packs. */
async function validate(configuration: unknown): Promise<void> {
  const { validateConfiguration } = require("app-builder-lib/out/util/config/config") as {
    validateConfiguration(
      configuration: unknown,
      logger: { add(): void; isEnabled: boolean },
    ): Promise<void>;
  }; // the package's own types do not cover this path
  await validateConfiguration(configuration, { add: () => undefined, isEnabled: false });
}

describe("how the app is packed", () => {
  it("is valid for Windows, macOS and Linux, and a wrong key would be refused", async () => {
    const configuration = parse(text) as Record<string, unknown>; // validated on the next line
    await expect(validate(configuration)).resolves.toBeUndefined();
    for (const platform of ["linux", "win", "mac"]) expect(configuration[platform]).toBeDefined();
    await expect(validate({ ...configuration, bogusKey: 1 })).rejects.toThrow(/bogusKey/);
  });

  it("updates nothing by itself and leaves no door open", () => {
    const configuration = parse(text) as Record<string, Record<string, unknown> | null>;
    expect(configuration["publish"]).toBeNull();
    expect(configuration["electronFuses"]).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
    });
  });
});

describe("the app packed for Linux with a stand-in distribution", () => {
  let folder: string;
  let inside: string[];
  let unpacked: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "hansight-pack-"));
    const build = spawnSync(
      process.execPath,
      ["node_modules/electron-vite/bin/electron-vite.js", "build"],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    expect(build.stderr + build.stdout).toContain("built in");
    const standIn = standInDistribution(join(folder, "electron"));
    const { build: pack, Platform } = await import("electron-builder");
    const configuration = parse(text) as Record<string, unknown>;
    await pack({
      targets: Platform.LINUX.createTarget("dir"),
      projectDir: root,
      config: {
        ...configuration,
        electronDist: standIn,
        // A stand-in has no fuses to set.
        electronFuses: null,
        directories: { output: join(folder, "release"), buildResources: "assets/icons" },
      },
    });
    const resources = join(folder, "release/linux-unpacked/resources");
    unpacked = join(resources, "app.asar.unpacked");
    const asar = require("@electron/asar") as {
      listPackage(path: string, options: object): string[];
    };
    inside = asar
      .listPackage(join(resources, "app.asar"), { isPack: false })
      .map((path) => path.replaceAll("\\", "/"));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds the main process, the engine, the report's worker, the window and the migrations", () => {
    for (const path of [
      "/out/main/index.js",
      "/out/main/engine.js",
      "/out/main/reader.js",
      "/out/main/report-worker.js",
      "/out/main/migrations/0001-audit.sql",
      "/out/main/report.typ",
      "/out/renderer/index.html",
      "/package.json",
      "/assets/demo/chest-resnet.onnx",
    ]) {
      expect(inside).toContain(path);
    }
  });

  it("holds no source, no test, no golden, no fixture and no other platform's runtime", () => {
    const forbidden = [
      /^\/(src-main|src-renderer|shared|test|docs|\.ci)\//,
      /planted-truth|expected\.json|golden/,
      /\/node-(linux|win)-x64\//,
      /onnxruntime-node\/bin\/napi-v\d+\/(darwin|win32)\//,
      /^\/node_modules\/(vitest|playwright|eslint|typescript|electron)\//,
      /^\/demo\.hansight/,
    ];
    for (const pattern of forbidden)
      expect(inside.filter((path) => pattern.test(path)).slice(0, 3)).toEqual([]);
  });

  it("unpacks what is loaded from disk: the runtime's libraries, the image decoder, Typst and the demo", () => {
    const folders = ["onnxruntime-node", "@img", "@myriaddreamin", "@expo-google-fonts"];
    for (const name of folders) expect(existsSync(join(unpacked, "node_modules", name))).toBe(true);
    const native = readdirSync(unpacked, { recursive: true }).map(String);
    expect(native.some((path) => path.endsWith("onnxruntime_binding.node"))).toBe(true);
    expect(native.some((path) => /sharp-linux-x64.*\.node$/.test(path))).toBe(true);
  });
});

/** A folder that has the files of an Electron distribution, and none of its bytes. */
function standInDistribution(folder: string): string {
  const { version } = JSON.parse(
    readFileSync(join(root, "node_modules/electron/package.json"), "utf8"),
  ) as {
    version: string;
  }; // npm's own file
  mkdirSync(join(folder, "resources"), { recursive: true });
  mkdirSync(join(folder, "locales"), { recursive: true });
  const files = {
    electron: "stand-in",
    version,
    LICENSE: "",
    "LICENSES.chromium.html": "",
    "chrome-sandbox": "",
    "locales/en-US.pak": "",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  chmodSync(join(folder, "electron"), 0o755);
  return folder;
}
