import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { buildReport } from "./build-report.ts";
import { addJson, examples } from "./options.ts";

/** `hansight report X.hansight`: PDF, CSV files, bundle and manifest into its `exports` folder. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description(message("cli.report.about"))
    .argument("<audit>")
    .option("--keep-names", message("cli.option.keep-names"));
  addJson(command);
  examples(command, [
    "hansight report chest.hansight",
    "hansight report chest.hansight --keep-names",
  ]);
  return command.action((folder: string, flags: { keepNames?: boolean; json?: boolean }) =>
    buildReport(folder, flags, () => true),
  );
}
