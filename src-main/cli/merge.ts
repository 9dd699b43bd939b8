import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { mergeWords } from "../../shared/messages/merge-words.ts";
import { newCommandId } from "./sign.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** `hansight merge AUDIT OTHER`: what was done apart in two copies of one audit comes together in the first. */
export function mergeCommand(): Command {
  const command = new Command("merge")
    .description(message("merge.cli.about"))
    .argument("<audit>")
    .argument("<other>")
    .option("--dry-run", message("merge.cli.dry"));
  addJson(command);
  examples(command, [
    "hansight merge chest.hansight from-anna/chest.hansight --dry-run",
    "hansight merge chest.hansight from-anna/chest.hansight",
  ]);
  return command.action(
    (
      folder: string,
      other: string,
      flags: { readonly dryRun?: boolean; readonly json?: boolean },
    ) =>
      withHansight(async (hansight) => {
        const terminal = new Terminal(Boolean(flags.json));
        const auditId = await openAudit(hansight, folder);
        const place = await hansight.places.idFor(other);
        const preview = await hansight.client.audits.previewMerge({ auditId, place });
        const found =
          flags.dryRun || preview.entered === 0
            ? preview
            : await hansight.client.audits.merge({
                ...{ auditId, place, tip: preview.tip },
                commandId: newCommandId(),
              });
        terminal.json(found);
        for (const line of mergeWords(found)) terminal.line(line);
        if (!flags.dryRun && found.entered > 0) terminal.say("merge.done", { n: found.entered });
      }),
  );
}
