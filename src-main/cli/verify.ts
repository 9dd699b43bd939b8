import { Command } from "commander";
import type { VerifyStep, VerifyVerdict } from "../../shared/contract/verify.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { exitCodes } from "./exit.ts";
import { withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** What the shell is told: only a sound folder is 0, and one that nobody here can vouch for is neither sound nor broken. */
const codes: Readonly<Record<VerifyVerdict, number>> = {
  unchanged: exitCodes.done,
  unsigned: exitCodes.done,
  unconfirmed: exitCodes.doneWithFailures,
  changed: exitCodes.refused,
};

/** `hansight verify FOLDER`: an audit, or a report built for signing, offline; nothing is written. */
export function verifyCommand(): Command {
  const command = addJson(
    new Command("verify").description(message("cli.verify.about")).argument("<folder>"),
  );
  examples(command, [
    "hansight verify chest.hansight",
    "hansight verify chest.hansight/exports/r1",
  ]);
  return command.action((folder: string, { json }: { json?: boolean }) =>
    withHansight(async (hansight) => {
      const terminal = new Terminal(Boolean(json));
      const place = await hansight.places.idFor(folder);
      let found: VerifyStep | null = null;
      for await (const step of await hansight.client.verify.folder({ place })) {
        found = step;
        terminal.status("verify.checking", { checked: step.checked, planned: step.planned });
      }
      if (!found) throw new RangeError("the check ended without a word");
      const { state: _state, ...result } = found;
      terminal.json(result);
      terminal.line(found.headline);
      for (const problem of found.problems) terminal.line(`  ${problem}`);
      for (const { no, signatures } of found.parts)
        for (const { words, key } of signatures)
          terminal.say("cli.verify.signature", { no: no ?? "", words: words.join(". "), key });
      terminal.say("cli.verify.checked", { n: found.checked });
      process.exitCode = codes[found.verdict];
    }),
  );
}
