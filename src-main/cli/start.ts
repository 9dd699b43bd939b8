import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { dataFolder } from "../start.ts";
import { findElectron } from "./electron-binary.ts";
import { addDevice, addJson, examples } from "./options.ts";
import { serve, type ServeFlags } from "./serve.ts";
import { Terminal } from "./terminal.ts";
import { newestMs } from "./window-build.ts";

const root = join(import.meta.dirname, "../..");
const demoAudit = "demo.hansight";

/** `npm start [X.hansight]`: the desktop app, or the same app in a browser where Electron's binary is absent. */
export function startCommand(): Command {
  const command = new Command("start")
    .description(message("cli.start.about"))
    .argument("[audit]")
    .option("--browser", message("cli.option.browser"));
  addJson(addDevice(command));
  examples(command, ["npm start", "npm start -- chest.hansight", "npm start -- --browser"]);
  return command.action(
    async (given: string | undefined, flags: ServeFlags & { browser?: boolean }) => {
      const audit = given ?? (existsSync(demoAudit) ? demoAudit : undefined);
      if (flags.browser) return serve(audit, flags);
      const found = await findElectron(dataFolder());
      if ("path" in found) return openDesktop(found.path, audit);
      new Terminal(Boolean(flags.json)).say("cli.no-electron", { why: found.missing });
      return serve(audit, flags);
    },
  );
}

async function openDesktop(electron: string, audit: string | undefined): Promise<void> {
  const built = join(root, "out/main/index.js");
  const builtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  const sources = ["src-main", "src-renderer", "shared"].map((folder) => join(root, folder));
  if (sources.some((folder) => newestMs(folder) > builtMs)) {
    const script = join(root, "node_modules/electron-vite/bin/electron-vite.js");
    const run = spawnSync(process.execPath, [script, "build"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    if (run.status !== 0) throw new Error("the desktop app could not be built");
  }
  const child = spawn(electron, [root, ...(audit ? [audit] : [])], { stdio: "inherit" });
  process.exitCode = await new Promise<number>((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
