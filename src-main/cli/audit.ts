import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { Command } from "commander";
import { auditNameSchema } from "../../shared/contract/intake.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { withHansight } from "./in-process.ts";
import {
  addFitFlags,
  addFusionFlags,
  addJson,
  addMapFlags,
  addPreparationFlags,
  examples,
  overridesOf,
  placeOrNull,
  type FitFlags,
  type MapFlags,
  type PreparationFlags,
} from "./options.ts";
import { mapAndReport } from "./map-and-report.ts";
import { addSheetFlags, type SheetFlags } from "./reliability.ts";
import { Terminal } from "./terminal.ts";

export interface AuditFlags extends PreparationFlags, MapFlags, FitFlags, SheetFlags {
  readonly model: string;
  readonly out: string;
  readonly labels?: string;
  readonly labelAttribute?: string;
  readonly classes?: string;
  readonly evidence?: string;
  readonly json?: boolean;
}

/** `hansight audit DATASET --model M --out X.hansight`: all of it in one line. */
export function auditCommand(): Command {
  const command = new Command("audit")
    .description(message("cli.audit.about"))
    .argument("<dataset>")
    .requiredOption("--model <file>", message("cli.option.model"))
    .requiredOption("--out <folder>", message("cli.option.out"))
    .option("--labels <file>", message("cli.option.labels"))
    .option("--label-attribute <tag>", message("cli.option.label-attribute"))
    .option("--classes <file>", message("cli.option.classes"))
    .option("--evidence <file>", message("cli.option.evidence"));
  addJson(addSheetFlags(addFitFlags(addFusionFlags(addMapFlags(addPreparationFlags(command))))));
  examples(command, [
    "hansight audit photos --model resnet50.onnx --out photos.hansight",
    "hansight audit chest/images --model chest.onnx --labels chest/labels.csv \\",
    "  --evidence chest/evidence.csv --preset grey-imagenet --out chest.hansight",
    "hansight audit disc.zip --model chest.onnx --label-attribute ViewPosition --window stored --out disc.hansight",
    "hansight audit photos --model vit.onnx --method layercam --target label --out vit.hansight --json",
  ]);
  return command.action((dataset: string, flags: AuditFlags) =>
    withHansight((hansight) => audit(hansight, dataset, flags, new Terminal(Boolean(flags.json)))),
  );
}

/** Creates the audit, maps it, builds the report, and says what was found. */
export async function audit(
  hansight: Hansight,
  dataset: string,
  flags: AuditFlags,
  terminal: Terminal,
): Promise<void> {
  const beganMs = performance.now();
  const { client, places } = hansight;
  const folder = auditFolder(flags.out);
  if (existsSync(folder)) fail("audit/exists", { folder });
  terminal.say("cli.reading", { dataset });
  const { auditId } = await client.intake.create({
    name: basename(folder, ".hansight"),
    into: await places.idFor(dirname(folder)),
    sources: {
      images: await places.idFor(dataset),
      labels: await placeOrNull(hansight, flags.labels),
      labelAttribute: flags.labelAttribute ?? null,
      classes: await placeOrNull(hansight, flags.classes),
      evidence: await placeOrNull(hansight, flags.evidence),
      model: await places.idFor(flags.model),
    },
    overrides: await overridesOf(hansight, flags),
    purpose: "",
  });
  await mapAndReport(hansight, auditId, { flags, isAgain: false, beganMs }, terminal);
}

/** The audit folder meant by `--out`: its ending may be left out, and a slash may follow. */
function auditFolder(out: string): string {
  const path = resolve(out);
  const folder = path.endsWith(".hansight") ? path : `${path}.hansight`;
  const name = basename(folder, ".hansight");
  if (!auditNameSchema.safeParse(name).success) fail("usage/bad-name", { name });
  return folder;
}
