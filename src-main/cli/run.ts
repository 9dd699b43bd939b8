import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { mapAndReport } from "./map-and-report.ts";
import {
  addFitFlags,
  addFusionFlags,
  addJson,
  addMapFlags,
  examples,
  type FitFlags,
  type MapFlags,
} from "./options.ts";
import { addSheetFlags, type SheetFlags } from "./reliability.ts";
import { Terminal } from "./terminal.ts";

interface RunFlags extends MapFlags, FitFlags, SheetFlags {
  readonly again?: boolean;
  readonly json?: boolean;
}

/** `hansight run X.hansight`: goes on with what is unfinished, or makes another run. */
export function runCommand(): Command {
  const command = new Command("run")
    .description(message("cli.run.about"))
    .argument("<audit>")
    .option("--again", message("cli.option.again"));
  addJson(addSheetFlags(addFitFlags(addFusionFlags(addMapFlags(command)))));
  examples(command, [
    "hansight run chest.hansight",
    "hansight run chest.hansight --method recipro-cam",
    "hansight run chest.hansight --method recam --fit-classes normal,nodule",
  ]);
  return command.action((folder: string, flags: RunFlags) =>
    withHansight(async (hansight) => {
      const auditId = await openAudit(hansight, folder);
      const plan = { flags, isAgain: Boolean(flags.again), beganMs: performance.now() };
      await mapAndReport(hansight, auditId, plan, new Terminal(Boolean(flags.json)));
    }),
  );
}
