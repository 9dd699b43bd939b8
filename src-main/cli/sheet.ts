import { Command } from "commander";
import type { SheetOrder } from "../../shared/domain/sheet.ts";
import { sheetOrders } from "../../shared/domain/sheet.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { exitCodes } from "./exit.ts";
import { followJob, openAudit, withHansight } from "./in-process.ts";
import { addJson, examples, oneOf, wholeNumber } from "./options.ts";
import { printSheet } from "./reliability.ts";
import { Terminal } from "./terminal.ts";

interface SheetCommandFlags {
  readonly run?: number;
  readonly again?: boolean;
  readonly order?: SheetOrder;
  readonly smooth?: boolean;
  readonly json?: boolean;
}

/** `hansight sheet X.hansight`: whether the maps of a run follow its model at all. */
export function sheetCommand(): Command {
  const command = new Command("sheet")
    .description(message("cli.sheet.about"))
    .argument("<audit>")
    .option("--run <no>", message("cli.option.run"), wholeNumber)
    .option("--again", message("cli.option.sheet-again"))
    .option("--order <how>", message("cli.option.order"), oneOf(sheetOrders))
    .option("--smooth", message("cli.option.smooth"));
  addJson(command);
  examples(command, [
    "hansight sheet chest.hansight",
    "hansight sheet chest.hansight --run 2 --order independent --again",
  ]);
  return command.action((folder: string, flags: SheetCommandFlags) =>
    withHansight(async (hansight) => {
      const { client } = hansight;
      const terminal = new Terminal(Boolean(flags.json));
      const auditId = await openAudit(hansight, folder);
      const { runs } = await client.audits.get({ auditId });
      const run =
        flags.run === undefined ? runs.findLast(({ done }) => done > 0) : runs[flags.run - 1];
      if (!run) fail("run/unknown", { run: String(flags.run ?? 1) });
      const { jobId } = await client.sheets.make({
        auditId,
        run: run.id,
        order: flags.order ?? "cascade",
        isSmooth: Boolean(flags.smooth),
        again: Boolean(flags.again),
      });
      if (jobId) await followJob(hansight, { auditId, jobId }, terminal);
      const sheet = await client.sheets.get({ auditId, run: run.id });
      if (!sheet) return; // stopped by a person
      printSheet(sheet, terminal);
      terminal.json({ run: run.no, sheet });
      if (sheet.verdict !== "passed") process.exitCode = exitCodes.doneWithFailures;
    }),
  );
}
