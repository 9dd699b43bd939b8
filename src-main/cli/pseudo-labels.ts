import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import type { Run } from "../../shared/contract/audits.ts";
import type { LabelChoice } from "../../shared/contract/runs.ts";
import { methods } from "../../shared/domain/methods.ts";
import {
  labelDefaults,
  refinements,
  type LabelBackground,
  type Refinement,
} from "../../shared/domain/pseudo-labels.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { labelAgreement, type LabelledImage } from "../../shared/geometry/label-agreement.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { exitCodes } from "./exit.ts";
import { followJob, openAudit, withHansight } from "./in-process.ts";
import { addJson, examples, oneOf, wholeNumber } from "./options.ts";
import { Terminal } from "./terminal.ts";

interface LabelFlags {
  readonly run?: readonly number[];
  readonly out: string;
  readonly force?: boolean;
  readonly classesFrom: LabelChoice["classes"];
  readonly backgroundClass: readonly string[];
  readonly background?: number;
  readonly backgroundPower?: number;
  readonly ignoreBetween?: [number, number];
  readonly refine: Refinement;
  readonly crfSide: number;
  readonly json?: boolean;
}

/** `hansight pseudo-labels X.hansight --out DIR`: class maps as labels for segmentation. */
export function pseudoLabelsCommand(): Command {
  const command = new Command("pseudo-labels")
    .description(message("cli.labels.about"))
    .argument("<audit>")
    .requiredOption("--out <folder>", message("cli.labels.option.out"))
    .option("--run <numbers>", message("cli.labels.option.run"), (text) =>
      text.split(",").map(wholeNumber),
    )
    .option(
      "--classes-from <what>",
      message("cli.labels.option.classes-from"),
      oneOf(["labels", "predictions"]),
      "labels",
    )
    .option(
      "--background-class <name>",
      message("cli.labels.option.background-class"),
      (name, names: readonly string[]) => [...names, name],
      [],
    )
    .option("--background <theta>", message("cli.labels.option.background"), positive)
    .option("--background-power <alpha>", message("cli.labels.option.power"), positive)
    .option("--ignore-between <low,high>", message("cli.labels.option.ignore-between"), pair)
    .option(
      "--refine <how>",
      message("cli.labels.option.refine", { refinements: refinements.join(", ") }),
      oneOf(refinements),
      "none",
    )
    .option(
      "--crf-side <pixels>",
      message("cli.labels.option.crf-side"),
      crfSide,
      labelDefaults.crfSide,
    )
    .option("--force", message("cli.labels.option.force"));
  addJson(command);
  examples(command, [
    "hansight pseudo-labels chest.hansight --background-class normal --out labels",
    "hansight pseudo-labels photos.hansight --run 1,2 --refine crf --out labels --json",
  ]);
  return command.action((folder: string, flags: LabelFlags) =>
    withHansight(async (hansight) => {
      const auditId = await openAudit(hansight, folder);
      await label(hansight, auditId, flags, new Terminal(Boolean(flags.json)));
    }),
  );
}

async function label(
  hansight: Hansight,
  auditId: AuditId,
  flags: LabelFlags,
  terminal: Terminal,
): Promise<void> {
  const { client, places } = hansight;
  const audit = await client.audits.get({ auditId });
  const finished = audit.runs.filter(({ done, endedAt }) => done > 0 && endedAt !== null);
  const runs = flags.run
    ? flags.run.map(
        (no) => finished.find((run) => run.no === no) ?? fail("run/unknown", { run: String(no) }),
      )
    : finished.slice(-1);
  if (runs.length === 0) fail("run/unknown", { run: "1" });
  const made: (z.infer<typeof labelsSchema> & { readonly folder: string })[] = [];
  for (const run of runs) {
    const out = runs.length === 1 ? resolve(flags.out) : join(resolve(flags.out), `run-${run.no}`);
    terminal.say("cli.labels.making", { no: run.no, method: methods[run.method].label });
    const { jobId } = await client.runs.labels({
      auditId,
      run: run.id,
      out: await places.idFor(out),
      existing: flags.force ? "replace" : "refuse",
      choice: choiceOf(flags),
    });
    const job = await followJob(hansight, { auditId, jobId }, terminal);
    if (job.state === "cancelled") return;
    if (job.failed > 0) process.exitCode = exitCodes.doneWithFailures;
    const facts = labelsSchema.parse(JSON.parse(readFileSync(join(out, "labels.json"), "utf8")));
    made.push({ folder: out, ...facts });
    sayLabels(run, out, facts, terminal);
  }
  if (made.length === 1) return void terminal.json(made[0]);
  const agreement = agreementsOf(made.map(({ run, folder: at }) => ({ run, at })));
  terminal.say("cli.labels.agreement");
  terminal.table(
    agreement.map(({ runs: [a, b], share: alike }) => [String(a), String(b), percent(alike)]),
  );
  terminal.json({ runs: made, agreement });
}

/** Mean share of pixels that two runs label alike, for each pair of them: said whether or not there are masks. */
function agreementsOf(made: readonly { readonly run: number; readonly at: string }[]) {
  const all = made.map(({ run, at }) => ({ run, images: imagesOf(at) }));
  return all.flatMap((a, i) =>
    all.slice(i + 1).map((b) => {
      const shares = [...a.images].flatMap(([name, image]) => {
        const other = b.images.get(name);
        const share = other ? labelAgreement(image, other) : NaN;
        return Number.isNaN(share) ? [] : [share];
      });
      const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length;
      return { runs: [a.run, b.run] as const, share: shares.length > 0 ? mean : null };
    }),
  );
}

/** The labelled images of a folder, by their names. */
function imagesOf(folder: string): Map<string, LabelledImage> {
  const { images, annotations } = cocoSchema.parse(
    JSON.parse(readFileSync(join(folder, "annotations.json"), "utf8")),
  );
  const objects = new Map<number, { class: number; counts: string }[]>();
  for (const { image_id: id, category_id: category, segmentation } of annotations)
    objects.set(id, [
      ...(objects.get(id) ?? []),
      { class: category - 1, counts: segmentation.counts },
    ]);
  return new Map(
    images.map(({ id, file_name: name, width, height }) => [
      name,
      { width, height, objects: objects.get(id) ?? [] },
    ]),
  );
}

const cocoSchema = z.looseObject({
  images: z.array(
    z.object({ id: z.int(), file_name: z.string(), width: z.int(), height: z.int() }),
  ),
  annotations: z.array(
    z.looseObject({
      image_id: z.int(),
      category_id: z.int(),
      segmentation: z.looseObject({ counts: z.string() }),
    }),
  ),
});

function choiceOf(flags: LabelFlags): LabelChoice {
  const background: LabelBackground =
    flags.backgroundPower !== undefined
      ? { kind: "power", value: flags.backgroundPower }
      : { kind: "threshold", value: flags.background ?? labelDefaults.background.value };
  return {
    classes: flags.classesFrom,
    backgroundClasses: [...flags.backgroundClass],
    background,
    ignoreBetween: flags.ignoreBetween ?? null,
    refine: flags.refine,
    walkBackground: labelDefaults.walkBackground,
    crfSide: flags.crfSide,
  };
}

const share = z.number().nullable();

/** What is read of `labels.json`, which the job has just written; the rest is passed on. */
const labelsSchema = z.looseObject({
  run: z.int(),
  images: z.int(),
  views: z.object({ n: z.int() }),
  coverage: z.record(z.string(), z.number()),
  truth: z
    .looseObject({
      images: z.int(),
      miou: share,
      overCoverage: share,
      classes: z.array(z.looseObject({ name: z.string(), iou: share })),
      best: z.object({ threshold: z.number(), miou: z.number() }).nullable(),
    })
    .nullable(),
});

function sayLabels(
  run: Run,
  path: string,
  { images, views, coverage, truth }: z.infer<typeof labelsSchema>,
  terminal: Terminal,
): void {
  terminal.say("cli.labels.done", { images, path, views: views.n });
  if (!truth) {
    terminal.say("cli.labels.no-truth");
    terminal.table(Object.entries(coverage).map(([name, part]) => [name, percent(part)]));
    return;
  }
  terminal.say("cli.labels.scores", {
    no: run.no,
    method: methods[run.method].label,
    miou: percent(truth.miou),
    images: truth.images,
    over: percent(truth.overCoverage),
  });
  terminal.table(truth.classes.map(({ name, iou }) => [name, percent(iou)]));
  if (truth.best)
    terminal.say("cli.labels.best", {
      threshold: truth.best.threshold.toFixed(2),
      miou: percent(truth.best.miou),
    });
}

function percent(value: number | null): string {
  return value === null ? "–" : `${(100 * value).toFixed(1)} %`;
}

function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError(message("cli.labels.number"));
  return value;
}

function pair(text: string): [number, number] {
  const [low, high, ...more] = text.split(",").map(positive);
  if (high === undefined || more.length > 0 || high < low)
    throw new InvalidArgumentError(message("cli.labels.pair"));
  return [low, high];
}

function crfSide(text: string): number {
  const side = wholeNumber(text);
  if (side < 16 || side > 128)
    throw new InvalidArgumentError(message("cli.labels.option.crf-side"));
  return side;
}
