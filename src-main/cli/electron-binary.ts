import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { message } from "../../shared/messages/catalogue.ts";

const package_ = join(import.meta.dirname, "../../node_modules/electron");
const patienceMs = 20_000;
const rememberedMs = 24 * 60 * 60 * 1000;

export type Found = { readonly path: string } | { readonly missing: string };

/**
 * Electron's binary: where the package (or `ELECTRON_OVERRIDE_DIST_PATH`) has it, else after one attempt to fetch it. An
 * attempt that gets no byte for 20 s is given up, and a failed one is remembered for a day in `homeFolder`.
 */
export async function findElectron(homeFolder: string): Promise<Found> {
  const present = presentElectron();
  if (present) return { path: present };
  if (!existsSync(package_)) return { missing: message("cli.electron.no-package") };
  const memory = join(homeFolder, "electron-attempt");
  if (isRecent(memory)) return { missing: message("cli.electron.tried") };
  if (await fetchElectron()) {
    const fetched = presentElectron();
    if (fetched) return { path: fetched };
  }
  mkdirSync(homeFolder, { recursive: true });
  writeFileSync(memory, new Date().toISOString());
  return { missing: message("cli.electron.unreachable") };
}

/** The binary that is there now, or null. */
export function presentElectron(): string | null {
  const named = join(package_, "path.txt");
  const file = existsSync(named) ? readFileSync(named, "utf8") : "electron";
  const folder = process.env["ELECTRON_OVERRIDE_DIST_PATH"] ?? join(package_, "dist");
  const path = join(folder, file);
  return existsSync(path) ? path : null;
}

function isRecent(memory: string): boolean {
  return existsSync(memory) && Date.now() - statSync(memory).mtimeMs < rememberedMs;
}

/** Runs the package's own installer, with a temporary folder of its own so that arriving bytes can be seen. */
function fetchElectron(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "hansight-electron-"));
  const child = spawn(process.execPath, [join(package_, "install.js")], {
    stdio: "ignore",
    env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
  });
  return new Promise((resolve) => {
    let seen = 0;
    let movedAtMs = Date.now();
    const watch = setInterval(() => {
      const bytes = sizeOfFolder(folder);
      if (bytes !== seen) [seen, movedAtMs] = [bytes, Date.now()];
      if (Date.now() - movedAtMs > patienceMs) child.kill();
    }, 500);
    child.once("error", () => end(false));
    child.once("exit", (code) => end(code === 0));
    function end(isFetched: boolean) {
      clearInterval(watch);
      rmSync(folder, { recursive: true, force: true });
      resolve(isFetched);
    }
  });
}

function sizeOfFolder(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
