import { Command } from "commander";
import { methodIds, type MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { methodHelp } from "../../shared/messages/en/method-help.ts";
import { addJson, examples, oneOf } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** `hansight methods [ID]`: every method in a line, or one on a page. */
export function methodsCommand(): Command {
  const command = addJson(
    new Command("methods")
      .description(message("cli.methods.about"))
      .argument("[method]", message("cli.option.method-page"), oneOf(methodIds)),
  );
  examples(command, ["hansight methods", "hansight methods recipro-cam"]);
  return command.action((id: MethodId | undefined, { json }: { json?: boolean }) => {
    const terminal = new Terminal(Boolean(json));
    if (id === undefined) sayAll(terminal);
    else sayOne(terminal, id);
  });
}

function sayAll(terminal: Terminal): void {
  terminal.json(methodIds.map((id) => ({ id, ...methods[id] })));
  terminal.table(
    methodIds.map((id) => [
      id,
      message(`method.status.${methods[id].status}`),
      methods[id].description,
    ]),
  );
}

function sayOne(terminal: Terminal, id: MethodId): void {
  const facts = methods[id];
  const help = methodHelp[id];
  terminal.json({ id, ...facts, help });
  terminal.line(`${facts.label}  (${id})`);
  terminal.line(`  ${help.formula}`);
  const paragraphs = [
    help.how,
    help.use,
    help.doubt,
    `${facts.weakness}.`,
    message("method.page.zero", { zero: message(`method.zero.${facts.zero}`) }),
    message("method.page.cost", { cost: message(`method.cost.${facts.cost}`) }),
    ...(facts.isClassSpecific ? [] : [message("method.page.class-agnostic")]),
    message("method.page.source", {
      paper: facts.paper,
      url: facts.url,
      status: message(`method.status.${facts.status}`),
    }),
  ];
  for (const paragraph of paragraphs) {
    terminal.line();
    for (const line of wrapped(paragraph)) terminal.line(line);
  }
}

/** Lines of at most 88 characters, broken between words. */
function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length >= 88) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
