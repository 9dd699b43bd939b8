import { mkdirSync } from "node:fs";
import { Command } from "commander";
import type { Explained } from "../../shared/contract/models.ts";
import type { Target } from "../../shared/domain/target.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { exitCodes } from "./exit.ts";
import { withHansight } from "./in-process.ts";
import {
  addFusionFlags,
  addJson,
  addMapFlags,
  addPreparationFlags,
  examples,
  overridesOf,
  placeOrNull,
  targets,
  type MapFlags,
  type PreparationFlags,
} from "./options.ts";
import { Terminal } from "./terminal.ts";

interface ExplainFlags extends PreparationFlags, Omit<MapFlags, "target"> {
  readonly target?: Target | readonly number[];
  readonly model: string;
  readonly classes?: string;
  readonly label?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** @throws AppError `storage/failed` where it cannot be made, as when a file is in the way */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split(",", 1)[0] : String(cause);
    fail("storage/failed", { what: `"${folder}"`, why }, { cause });
  }
}

/** `hansight explain IMAGE… --model M --out DIR`: the five-second use. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .description(message("cli.explain.about"))
    .argument("<image...>")
    .requiredOption("--model <file>", message("cli.option.model"))
    .requiredOption("--out <folder>", message("cli.option.out-folder"))
    .option("--classes <file>", message("cli.option.classes"))
    .option("--label <name>", message("cli.option.label"));
  addJson(addFusionFlags(addMapFlags(addPreparationFlags(command), targets)));
  examples(command, [
    "hansight explain dog.jpg --model resnet50.onnx --out maps",
    "hansight explain *.png --model vit.onnx --method grad-cam --target 207 --out maps",
    "hansight explain dog.jpg --model resnet50.onnx --target 207,208,219 --out maps",
    "hansight explain dog.jpg --model vgg16.onnx --method layercam --taps relu3_3,relu5_3 --fuse tanh-max --out maps",
  ]);
  return command.action((images: string[], flags: ExplainFlags) =>
    withHansight(async (hansight) => {
      const { client, places } = hansight;
      const { target: asked, ...others } = flags;
      const target = asked && "kind" in asked ? asked : undefined;
      const terminal = new Terminal(Boolean(flags.json));
      makeFolder(flags.out);
      const explained = await client.models.explain({
        images: await Promise.all(images.map((image) => places.idFor(image))),
        labels: flags.label === undefined ? null : images.map(() => flags.label ?? null),
        model: await places.idFor(flags.model),
        classes: await placeOrNull(hansight, flags.classes),
        overrides: await overridesOf(hansight, target ? { ...others, target } : others),
        targets: asked && !("kind" in asked) ? [...asked] : [],
        into: await places.idFor(flags.out),
      });
      const all: Explained[] = [];
      for await (const one of explained) {
        all.push(one);
        if (one.error) {
          terminal.error(one.error);
          process.exitCode = exitCodes.doneWithFailures;
        } else {
          const { image, predicted, confidence, target } = one;
          terminal.say("cli.explained", {
            image,
            predicted,
            confidence: confidence.toFixed(2),
            target,
          });
        }
      }
      terminal.json(all);
    }),
  );
}
