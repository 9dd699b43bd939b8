import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { buildReport } from "./build-report.ts";
import { addJson, examples } from "./options.ts";

/** `hansight export X.hansight`: the data files, for other programs. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description(message("cli.export.about"))
    .argument("<audit>")
    .option("--keep-names", message("cli.option.keep-names"));
  addJson(command);
  examples(command, ["hansight export chest.hansight", "hansight export chest.hansight --json"]);
  return command.action((folder: string, flags: { keepNames?: boolean; json?: boolean }) =>
    buildReport(folder, flags, (name) => !name.endsWith(".pdf")),
  );
}
