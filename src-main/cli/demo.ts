import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
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
      out: "demo.hansight",
    } as const;
    const dataset = join(demo, "images");
    terminal.say("cli.command-line");
    const words = Object.entries(flags).map(([name, value]) => `--${name} ${value}`);
    terminal.line(`  npx hansight audit ${dataset} \\\n    ${words.join(" \\\n    ")}\n`);
    // The demo's own folder, made by this command and git-ignored: each demo begins anew.
    rmSync(flags.out, { recursive: true, force: true });
    await withHansight((hansight) => audit(hansight, dataset, { ...flags, json }, terminal));
  });
}
