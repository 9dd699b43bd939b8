import { Command } from "commander";
import { message } from "../../shared/messages/catalogue.ts";
import { exitCodes } from "./exit.ts";
import { openAudit, withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** `hansight verify X.hansight`: the record's chain and every exported file against its hash. */
export function verifyCommand(): Command {
  const command = addJson(
    new Command("verify").description(message("cli.verify.about")).argument("<audit>"),
  );
  examples(command, ["hansight verify chest.hansight"]);
  return command.action((folder: string, { json }: { json?: boolean }) =>
    withHansight(async (hansight) => {
      const terminal = new Terminal(Boolean(json));
      const auditId = await openAudit(hansight, folder);
      let checked = 0;
      let problems: readonly string[] = [];
      for await (const event of await hansight.client.reports.verify({ auditId })) {
        ({ checked, problems } = event);
      }
      terminal.json({ checked, problems });
      if (problems.length === 0) return terminal.say("cli.verify.fine", { n: checked });
      terminal.say("cli.verify.broken", { n: problems.length });
      for (const problem of problems) terminal.line(`  ${problem}`);
      process.exitCode = exitCodes.refused;
    }),
  );
}
