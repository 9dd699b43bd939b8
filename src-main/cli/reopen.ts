import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { newCommandId } from "./sign.ts";
import { addReaderFlags, signingReader, type ReaderFlags } from "./signing-reader.ts";
import { Terminal } from "./terminal.ts";

/** `hansight reopen X.hansight --as READER --why TEXT`: the next revision, open to changes; the signed one stays. */
export function reopenCommand(): Command {
  const command = new Command("reopen")
    .description(message("cli.reopen.about"))
    .argument("<audit>")
    .requiredOption("--why <text>", message("cli.reopen.option.why"));
  addReaderFlags(command);
  addJson(command);
  examples(command, [
    'hansight reopen chest.hansight --as "A. Meyer" --why "The label of item 3 was wrong"',
  ]);
  return command.action(
    (folder: string, flags: ReaderFlags & { readonly why: string; readonly json?: boolean }) =>
      withHansight(async (hansight) => {
        const terminal = new Terminal(Boolean(flags.json));
        const auditId = await openAudit(hansight, folder);
        const { person, client } = await signingReader(hansight, flags);
        const { no } = await client.revisions.reopen({
          auditId,
          commandId: newCommandId(),
          readerId: person.id,
          words: flags.why,
        });
        terminal.json({ revision: no });
        terminal.say("cli.reopen.done", { no, before: no - 1 });
      }),
  );
}
