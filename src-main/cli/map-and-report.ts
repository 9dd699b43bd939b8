import { join, relative } from "node:path";
import type { Audit, Run, Summary } from "../../shared/contract/audits.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import { methods } from "../../shared/domain/methods.ts";
import { quadrants } from "../../shared/domain/review.ts";
import { sheetSentence } from "../../shared/domain/sheet-words.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import { fitWords } from "../../shared/messages/fit-words.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { exitCodes } from "./exit.ts";
import { followJob } from "./in-process.ts";
import { fusionOf, type FitFlags, type MapFlags } from "./options.ts";
import { awaitSheet, type SheetFlags } from "./reliability.ts";
import type { Terminal } from "./terminal.ts";

export interface MapPlan {
  readonly flags: MapFlags & FitFlags & SheetFlags;
  readonly isAgain: boolean;
  readonly beganMs: number;
}

/** Makes (or finds) the run that the flags describe, builds the report, and prints both. */
export async function mapAndReport(
  hansight: Hansight,
  auditId: AuditId,
  { flags, isAgain, beganMs }: MapPlan,
  terminal: Terminal,
): Promise<void> {
  const { client } = hansight;
  const before = await client.audits.get({ auditId });
  const model = before.models.at(0) ?? fail("audit/no-model", { audit: before.name });
  terminal.say("cli.created", {
    items: before.items,
    classes: before.classes.length,
    model: model.fileName,
  });
  for (const note of before.notes) terminal.line(`  ${note}`);

  const { jobId, existing } = await client.runs.create({
    auditId,
    modelId: model.id,
    method: flags.method ?? null,
    tap: flags.tap ?? null,
    target: flags.target ?? { kind: "predicted" },
    secondMethod: null,
    seed: flags.seed ?? 1,
    items: null,
    ...(await fusionOf(hansight, flags)),
    again: isAgain,
    sheet: flags.sheet !== false,
    ...(flags.fitClasses || flags.fitMix
      ? {
          fit: {
            classes: flags.fitClasses ? [...flags.fitClasses] : null,
            mix: flags.fitMix ?? null,
          },
        }
      : {}),
  });
  if (existing) terminal.say("cli.existing");
  const run = existing ?? (await followRun(hansight, auditId, jobId, terminal));
  if (!run) return;
  if (run.fit) terminal.line(fitWords(run.fit, model.classNames));

  const sheet = await awaitSheet(hansight, { auditId, run: run.id, beganMs }, flags, terminal);
  if (process.exitCode === exitCodes.interrupted) return;
  const built = await client.reports.build({
    auditId,
    run: run.id,
    plates: null,
    keepNames: false,
  });
  await followJob(hansight, { auditId, jobId: built.jobId }, terminal);
  if (process.exitCode === exitCodes.interrupted) return;

  const summary = await client.audits.summary({ auditId, run: run.id, top: 10 });
  const after = await client.audits.get({ auditId });
  await say(hansight, { audit: after, run, summary, sheet, beganMs }, terminal);
  if (summary.failed > 0) process.exitCode = exitCodes.doneWithFailures;
}

async function followRun(
  hansight: Hansight,
  auditId: AuditId,
  jobId: Parameters<typeof followJob>[1]["jobId"] | null,
  terminal: Terminal,
): Promise<Run | null> {
  if (!jobId) return null;
  const { client } = hansight;
  const named = (await client.runs.jobs({ auditId })).find(({ id }) => id === jobId);
  const { runs } = await client.audits.get({ auditId });
  const method = runs.find(({ id }) => id === named?.run)?.method;
  if (method) terminal.say("cli.running", { method: methods[method].label });
  const job = await followJob(hansight, { auditId, jobId }, terminal);
  if (job.state === "cancelled") {
    const path = shown(hansight.folderOf(auditId));
    const { tried, planned } = job;
    terminal.say("cli.interrupted", { tried, planned, path: quoted(path) });
    terminal.json({ state: "interrupted", tried: job.tried, planned: job.planned, audit: path });
    return null;
  }
  const after = await client.audits.get({ auditId });
  return after.runs.find(({ id }) => id === job.run) ?? null;
}

interface Made {
  readonly audit: Audit;
  readonly run: Run;
  readonly summary: Summary;
  readonly sheet: ReliabilitySheet | null;
  readonly beganMs: number;
}

async function say(
  hansight: Hansight,
  { audit, run, summary, sheet, beganMs }: Made,
  terminal: Terminal,
): Promise<void> {
  const folder = hansight.folderOf(audit.id);
  const { files } = await hansight.client.reports.outline({ auditId: audit.id });
  const exported = (name: string) => join(folder, "exports/draft", name);
  const report = files.find(({ name }) => name.endsWith(".pdf"));
  const csv = files.filter(({ name }) => name.endsWith(".csv"));
  const { right, n } = summary.answered;
  const accuracy = n > 0 ? right / n : null;
  const seconds = Math.round((performance.now() - beganMs) / 100) / 10;

  terminal.line();
  if (accuracy !== null) terminal.say("cli.accuracy", { accuracy: accuracy.toFixed(3), right, n });
  if (summary.failed > 0) terminal.say("cli.failed", { n: summary.failed });
  terminal.say("cli.quadrants");
  terminal.table(
    quadrants.map((id) => [message(`quadrant.${id}`), String(summary.quadrants[id] ?? 0)]),
  );
  terminal.line();
  terminal.line(sheetSentence(sheet));
  terminal.line();
  terminal.say(summary.order === "attention" ? "cli.attention" : "cli.suspects");
  terminal.table(summary.suspects.map(({ score, path, why }) => [score.toFixed(2), path, why]));
  terminal.line();
  terminal.say("cli.audit-folder", { path: shown(folder) });
  if (report) terminal.say("cli.report-file", { path: shown(exported(report.name)) });
  for (const { name } of csv) terminal.say("cli.csv-file", { path: shown(exported(name)) });
  terminal.say("cli.seconds", { seconds });
  terminal.say("cli.next", { path: quoted(shown(folder)) });
  terminal.json({
    audit: folder,
    report: report ? exported(report.name) : null,
    csv: Object.fromEntries(csv.map(({ name }) => [csvName(name), exported(name)])),
    seconds,
    accuracy,
    run: run.no,
    fit: run.fit ?? null,
    quadrants: summary.quadrants,
    sheet: sheet?.verdict ?? "not-made",
    suspects: summary.suspects.map(({ path, score, why }) => ({ item: path, score, why })),
  });
}

function csvName(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.csv$/, "");
}

/** As a word of a command line: quoted where a shell would take it apart. */
function quoted(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path.replaceAll('"', '\\"')}"`;
}

/** A path as short as it can be said from here. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === "" || near.startsWith("..") ? path : near;
}
