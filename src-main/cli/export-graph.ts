import { Command } from "commander";
import type { ExportedGraph } from "../../shared/domain/exported-graph.ts";
import { methodIds, type MethodId } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { withHansight } from "./in-process.ts";
import { addJson, examples, oneOf } from "./options.ts";
import { Terminal } from "./terminal.ts";

interface ExportGraphFlags {
  readonly method: MethodId;
  readonly tap?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `hansight export-graph MODEL --method M -o out.onnx`: the same explanation on a server that knows only ONNX. */
export function exportGraphCommand(): Command {
  const command = new Command("export-graph")
    .description(message("cli.export-graph.about"))
    .argument("<model>")
    .requiredOption(
      "--method <name>",
      message("cli.option.method", { methods: methodIds.join(", ") }),
      oneOf(methodIds),
    )
    .option("--tap <tensor>", message("cli.option.tap"))
    .requiredOption("-o, --out <file>", message("cli.option.out-graph"))
    .option("--force", message("cli.option.force"));
  addJson(command);
  examples(command, [
    "hansight export-graph resnet50.onnx --method grad-cam -o resnet50-grad-cam.onnx",
    "hansight export-graph vit.onnx --method recipro-cam -o vit-recipro.onnx --json",
  ]);
  return command.action((model: string, flags: ExportGraphFlags) =>
    withHansight(async ({ client, places }) => {
      const terminal = new Terminal(Boolean(flags.json));
      const exported = await client.models.exportGraph({
        model: await places.idFor(model),
        method: flags.method,
        tap: flags.tap ?? null,
        out: await places.idFor(flags.out),
        existing: flags.force ? "replace" : "refuse",
      });
      terminal.json({ ...exported, file: flags.out });
      sayGraph(exported, flags.out, terminal);
    }),
  );
}

function sayGraph(exported: ExportedGraph, path: string, terminal: Terminal): void {
  const { bytes, opset, method, tap, input, outputs, difference } = exported;
  terminal.say("cli.exported.file", { path, opset, size: (bytes / 1e6).toFixed(1) });
  terminal.say("cli.exported.map", { method: methods[method].label, tap });
  terminal.say("cli.exported.input", describe(input));
  for (const output of outputs) terminal.say("cli.exported.output", describe(output));
  if (difference === null) terminal.say("cli.exported.logits-only");
  else terminal.say("cli.exported.checked", { difference: difference.toExponential(1) });
}

function describe({ name, elementType, dims }: ExportedGraph["input"]) {
  return { name, type: elementType, dims: dims.join(", ") };
}
