import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/**
 * Builds the window when `out/renderer` is missing or older than its sources: with install scripts ignored no npm hook
 * does it. In a packaged app there are no sources, and nothing is built.
 */
export function ensureWindow(): void {
  const sources = ["src-renderer", "shared"].map((folder) => join(root, folder));
  if (!sources.every(existsSync)) return;
  const built = join(root, "out/renderer/index.html");
  const builtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (sources.every((folder) => newestMs(folder) <= builtMs)) return;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const run = spawnSync(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (run.status !== 0) throw new Error("the window could not be built");
}

/** When the youngest file below a folder was written, ms since 1970. */
export function newestMs(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      newest = Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return newest;
}
