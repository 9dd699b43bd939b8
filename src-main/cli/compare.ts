import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { BenchMethods } from "../../shared/contract/bench.ts";
import {
  isReference,
  referenceIds,
  type BenchEvent,
  type BenchItem,
  type BenchResult,
} from "../../shared/domain/bench.ts";
import {
  evaluationGroups,
  usualGroups,
  type EvaluationGroup,
} from "../../shared/domain/evaluation.ts";
import { methodIds } from "../../shared/domain/method-id.ts";
import { methods } from "../../shared/domain/methods.ts";
import { explainError } from "../../shared/errors/app-error.ts";
import { benchCsv } from "../../shared/messages/bench-csv.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { sayBench } from "./bench-table.ts";
import { exitCodes } from "./exit.ts";
import { withHansight } from "./in-process.ts";
import {
  addJson,
  addLayerFlags,
  addPreparationFlags,
  examples,
  overridesOf,
  placeOrNull,
  wholeNumber,
  type MapFlags,
  type PreparationFlags,
} from "./options.ts";
import { Terminal } from "./terminal.ts";

interface CompareFlags extends PreparationFlags, Omit<MapFlags, "method"> {
  readonly model: string;
  readonly labels?: string;
  readonly classes?: string;
  readonly evidence?: string;
  readonly shortcut?: string;
  readonly methods: BenchMethods;
  readonly measures?: readonly EvaluationGroup[];
  readonly sample: number;
  readonly sheets: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

const usualSample = 60;

/** `hansight compare FOLDER --model M`: which method to believe on these images. */
export function compareCommand(): Command {
  const command = new Command("compare")
    .description(message("cli.compare.about"))
    .argument("<folder>")
    .requiredOption("--model <file>", message("cli.option.model"))
    .option("--labels <file>", message("cli.option.labels"))
    .option("--classes <file>", message("cli.option.classes"))
    .option("--evidence <file>", message("cli.option.evidence"))
    .option("--shortcut <file>", message("cli.compare.option.shortcut"))
    .option("--methods <list>", message("cli.compare.option.methods"), methodList, "all-cheap")
    .option(
      "--measures <list>",
      message("cli.compare.option.measures", {
        groups: evaluationGroups.join(", "),
        usual: usualGroups.join(", "),
      }),
      measureList,
    )
    .option("--sample <n>", message("cli.compare.option.sample"), wholeNumber, usualSample)
    .option("--no-sheets", message("cli.compare.option.no-sheets"))
    .option("-o, --out <file>", message("cli.compare.option.csv"));
  addJson(addLayerFlags(addPreparationFlags(command)));
  examples(command, [
    "hansight compare photos --model resnet50.onnx",
    "hansight compare chest/images --model chest.onnx --labels chest/labels.csv \\",
    "  --evidence chest/evidence.csv --shortcut chest/markers --methods cam,layercam -o bench.csv",
  ]);
  return command.action((folder: string, flags: CompareFlags) =>
    withHansight(async (hansight) => {
      const { client, places } = hansight;
      const terminal = new Terminal(Boolean(flags.json));
      terminal.say("cli.reading", { dataset: folder });
      const events = await client.bench.folder({
        sources: {
          images: await places.idFor(folder),
          labels: await placeOrNull(hansight, flags.labels),
          classes: await placeOrNull(hansight, flags.classes),
          evidence: await placeOrNull(hansight, flags.evidence),
          model: await places.idFor(flags.model),
        },
        overrides: await overridesOf(hansight, flags),
        methods: flags.methods,
        groups: flags.measures ? [...flags.measures] : null,
        sample: flags.sample === 0 ? null : flags.sample,
        shortcut: await placeOrNull(hansight, flags.shortcut),
        sheets: flags.sheets ? "make" : "as-they-are",
      });
      const items: BenchItem[] = [];
      let result: BenchResult | null = null;
      let planned = 0;
      for await (const event of events) {
        if (event.kind === "started") planned = event.planned;
        if (event.kind === "item") items.push(event.item);
        if (event.kind === "done") result = event.result;
        else follow(event, planned, terminal);
      }
      if (!result) throw new RangeError("the events ended before the bench");
      sayBench(result, terminal);
      if (flags.out !== undefined) {
        writeFileSync(flags.out, benchCsv(result));
        terminal.say("cli.compare.written", { path: flags.out });
      }
      terminal.json({ ...result, items });
      if (result.failed > 0) {
        terminal.say("cli.failed", { n: result.failed });
        process.exitCode = exitCodes.doneWithFailures;
      }
    }),
  );
}

function follow(
  event: Exclude<BenchEvent, { kind: "done" }>,
  planned: number,
  terminal: Terminal,
): void {
  switch (event.kind) {
    case "started": {
      for (const note of event.notes) terminal.line(`  ${note}`);
      const { tap, sampled, of, device } = event.settings;
      const compared = event.columns.filter((id) => !isReference(id)).length;
      const references = referenceIds.length;
      terminal.say("cli.compare.started", {
        methods: compared,
        references,
        tap,
        sampled,
        of,
        device,
      });
      for (const { method, error } of event.unsupported) {
        const { what: why } = explainError(error);
        terminal.say("cli.compare.unsupported", { method: methods[method].label, why });
      }
      return;
    }
    case "item":
      if (event.item.error) terminal.error(event.item.error);
      terminal.status("cli.compare.progress", { tried: event.tried, planned });
      return;
    case "sheet": {
      const { method, verdict, error, tried, planned: sheets } = event;
      const label = methods[method].label;
      terminal.say("cli.compare.sheet", {
        method: label,
        verdict: message(`sheet.state.${verdict}`),
        tried,
        planned: sheets,
      });
      if (error) terminal.line(`    ${explainError(error).what}.`);
    }
  }
}

function methodList(text: string): BenchMethods {
  if (text === "all-cheap" || text === "all") return text;
  const chosen = text.split(",").map((name) => methodIds.find((id) => id === name.trim()));
  const known = chosen.filter((id) => id !== undefined);
  if (known.length < chosen.length) throw new InvalidArgumentError(methodIds.join(", "));
  return known;
}

function measureList(text: string): readonly EvaluationGroup[] {
  if (text === "all") return evaluationGroups;
  const chosen = text.split(",").map((name) => evaluationGroups.find((id) => id === name.trim()));
  const known = chosen.filter((group) => group !== undefined);
  if (known.length < chosen.length) throw new InvalidArgumentError(evaluationGroups.join(", "));
  return known;
}
