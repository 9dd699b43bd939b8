import { Command } from "commander";
import type { ModelDescription } from "../../shared/domain/model.ts";
import { formatWords } from "../../shared/domain/model-format.ts";
import { methods } from "../../shared/domain/methods.ts";
import { explainError } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { Terminal } from "./terminal.ts";

/** `hansight inspect MODEL`: what was found in the graph, and why. */
export function inspectCommand(): Command {
  const command = addJson(
    new Command("inspect").description(message("cli.inspect.about")).argument("<model>"),
  );
  examples(command, [
    "hansight inspect resnet50.onnx",
    "hansight inspect mobilenet/model.json",
    "hansight inspect vit.onnx --json",
  ]);
  return command.action((model: string, { json }: { json?: boolean }) =>
    withHansight(async ({ client, places }) => {
      const terminal = new Terminal(Boolean(json));
      const description = await client.models.inspect({ model: await places.idFor(model) });
      terminal.json(description);
      sayModel(description, terminal);
    }),
  );
}

function sayModel(description: ModelDescription, terminal: Terminal): void {
  const { input, output, head, taps } = description;
  terminal.line(`${description.fileName}  ${formatWords(description)}`);
  if (description.device) terminal.say("cli.inspect.device", { device: description.device });
  terminal.say("cli.inspect.input", {
    name: input.name,
    type: input.elementType,
    dims: input.dims.join(", "),
    layout: input.layout,
  });
  const stripped = message(`cli.stripped.${output.stripped}`);
  terminal.say("cli.inspect.output", { name: output.name, classes: output.classes, stripped });
  terminal.say("cli.inspect.head", { head: message(`cli.head.${head}`) });
  terminal.line();
  terminal.say("cli.inspect.layers");
  terminal.table(
    taps.map((tap) => [
      tap.isDefault ? message("cli.default") : "",
      tap.name,
      tap.grid.join(" × "),
      message(`cli.tap.${tap.reason}`),
    ]),
  );
  terminal.line();
  terminal.say("cli.inspect.methods");
  terminal.table(
    description.methods.map(({ method, supported, forwards, refusal }) => [
      methods[method].label,
      method,
      supported ? forwards.toFixed(forwards < 10 ? 2 : 0) : "–",
      refusal ? explainError(refusal).what : methods[method].description,
    ]),
  );
}
