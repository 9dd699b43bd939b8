import { Command } from "commander";
import { crossCheckTolerance, type CrossCheck } from "../../shared/domain/cross-check.ts";
import type { ModelDescription } from "../../shared/domain/model.ts";
import { formatWords } from "../../shared/domain/model-format.ts";
import { methods } from "../../shared/domain/methods.ts";
import { explainError } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { exitCodes } from "./exit.ts";
import { withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { Terminal } from "./terminal.ts";

interface InspectFlags {
  readonly json?: boolean;
  readonly crossCheck?: boolean;
  readonly tap?: string;
  readonly image?: readonly string[];
}

/** `hansight inspect MODEL`: what was found in the graph, and why; with `--cross-check` both engines' answers too. */
export function inspectCommand(): Command {
  const command = addJson(
    new Command("inspect")
      .description(message("cli.inspect.about"))
      .argument("<model>")
      .option("--cross-check", message("cli.option.cross-check"))
      .option("--tap <tensor>", message("cli.option.cross-check-tap"))
      .option(
        "--image <file>",
        message("cli.option.cross-check-image"),
        (file: string, files: readonly string[] = []) => [...files, file],
      ),
  );
  examples(command, [
    "hansight inspect resnet50.onnx",
    "hansight inspect mobilenet/model.json",
    "hansight inspect vit.onnx --json",
    "hansight inspect resnet50.onnx --cross-check --image cat.jpg",
  ]);
  return command.action((path: string, flags: InspectFlags) =>
    withHansight(async ({ client, places }) => {
      const terminal = new Terminal(Boolean(flags.json));
      const model = await places.idFor(path);
      const description = await client.models.inspect({ model });
      if (!flags.crossCheck) terminal.json(description);
      sayModel(description, terminal);
      if (!flags.crossCheck) return;
      const images = await Promise.all((flags.image ?? []).map((file) => places.idFor(file)));
      const crossCheck = await client.models.crossCheck({ model, tap: flags.tap ?? null, images });
      terminal.json({ ...description, crossCheck });
      sayCrossCheck(crossCheck, terminal);
    }),
  );
}

function sayCrossCheck(check: CrossCheck, terminal: Terminal): void {
  const { device, tap, pictures, outcome } = check;
  terminal.line();
  terminal.say("cli.cross-check.title", { device, tap, n: pictures });
  if (outcome.kind === "refused") {
    const { what, hint } = explainError(outcome.error);
    terminal.line(`  ${what}. ${hint}.`);
    process.exitCode = exitCodes.refused;
    return;
  }
  const { logits, gradients, maps, isQuantised } = outcome;
  const shown = (share: number | null) =>
    share === null ? message("cli.cross-check.rounding") : share.toExponential(1);
  terminal.say("cli.cross-check.scale");
  terminal.table([
    [message("cli.cross-check.logits"), shown(logits)],
    [message("cli.cross-check.gradients"), shown(gradients)],
    ...maps.map(({ method, difference }) => [methods[method].label, shown(difference)]),
  ]);
  const compared = [logits, ...maps.map(({ difference }) => difference ?? 0)];
  const agrees = compared.every((share) => share <= crossCheckTolerance);
  const tolerance = crossCheckTolerance;
  terminal.say(agrees ? "cli.cross-check.agree" : "cli.cross-check.differ", { tolerance });
  if (isQuantised) terminal.say("cli.cross-check.quantised");
  else if (!agrees) {
    if (logits <= tolerance) terminal.say("cli.cross-check.flips");
    process.exitCode = exitCodes.refused;
  }
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
  const supported = description.methods.filter((one) => one.supported);
  terminal.table(
    supported.map(({ method, forwards }) => [
      methods[method].label,
      method,
      forwards.toFixed(forwards < 10 ? 2 : 0),
      methods[method].description,
    ]),
  );
  sayUnsupported(description, terminal);
}

/** Each method that cannot map here: why, and below it what would help. */
function sayUnsupported(description: ModelDescription, terminal: Terminal): void {
  const rows = description.methods.flatMap(({ method, refusal }) => {
    if (!refusal) return [];
    const { what, hint } = explainError(refusal);
    return [
      [methods[method].label, method, `${what}.`],
      ["", "", `→ ${hint}.`],
    ];
  });
  if (rows.length === 0) return;
  terminal.line();
  terminal.say("cli.inspect.unsupported");
  terminal.table(rows);
}
