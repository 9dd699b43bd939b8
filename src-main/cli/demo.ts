import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { auditState } from "../start.ts";
import { audit } from "./audit.ts";
import { withHansight } from "./in-process.ts";
import { addJson } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** `npm run demo`: the sample set, audited by the command that it prints. */
export function demoCommand(): Command {
  const command = addJson(new Command("demo").description(message("cli.demo.about")));
  return command.action(async ({ json }: { readonly json?: boolean }) => {
    const terminal = new Terminal(Boolean(json));
    const demo = relative(process.cwd(), join(import.meta.dirname, "../../assets/demo")) || ".";
    const flags = {
      model: join(demo, "chest-resnet.onnx"),
      labels: join(demo, "labels.csv"),
      classes: join(demo, "classes.txt"),
      evidence: join(demo, "evidence.csv"),
      preset: "grey-imagenet",
      resample: "area",
      out: demoFolder(terminal),
    } as const;
    const dataset = join(demo, "images");
    terminal.say("cli.command-line");
    const words = Object.entries(flags).map(([name, value]) => `--${name} ${value}`);
    terminal.line(`  npx hansight audit ${dataset} \\\n    ${words.join(" \\\n    ")}\n`);
    await withHansight((hansight) => audit(hansight, dataset, { ...flags, json }, terminal));
  });
}

/**
 * Where the demo goes: its own folder, made anew, unless somebody judged in it.
 *
 * @throws AppError `audit/in-use` while another process has it open
 */
function demoFolder(terminal: Terminal): string {
  for (let no = 1; ; no++) {
    const folder = no === 1 ? "demo.hansight" : `demo-${no}.hansight`;
    const state = auditState(folder);
    if (state === "judged") continue;
    if (state === "free") rmSync(folder, { recursive: true, force: true });
    if (no > 1) terminal.say("cli.demo.kept", { path: folder });
    return folder;
  }
}
