import { Command, InvalidArgumentError, Option } from "commander";
import { exportFormats, type ExportFormat } from "../../shared/domain/export-format.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { buildReport } from "./build-report.ts";
import { followJob, openAudit, withHansight } from "./in-process.ts";
import { addJson, examples } from "./options.ts";
import { addActingFlags, signedInReader, type ActingFlags } from "./signed-in-reader.ts";
import { Terminal } from "./terminal.ts";

const identityFlags = ["mask", "confirm", "leave-out"] as const;
type IdentityFlag = (typeof identityFlags)[number];

interface ExportFlags extends ActingFlags {
  readonly format?: readonly ExportFormat[];
  readonly out?: string;
  readonly keepNames?: boolean;
  readonly deidentifiedSources?: boolean;
  readonly force?: boolean;
  readonly identity?: IdentityFlag;
  readonly json?: boolean;
}

/** `hansight export X.hansight`: the data files, for other programs. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description(message("cli.export.about"))
    .argument("<audit>")
    .option(
      "--format <names>",
      message("cli.export.option.format", { formats: exportFormats.join(", ") }),
      formatsIn,
    )
    .option("-o, --out <folder>", message("cli.export.option.out"))
    .option("--keep-names", message("cli.option.keep-names"))
    .option("--deidentified-sources", message("cli.export.option.deidentified"))
    .option("--force", message("cli.option.force"))
    .addOption(
      new Option("--identity <answer>", message("cli.export.option.identity")).choices(
        identityFlags,
      ),
    );
  addActingFlags(command);
  addJson(command);
  examples(command, [
    "hansight export chest.hansight",
    "hansight export chest.hansight --format coco,yolo,lists -o chest-export --keep-names",
  ]);
  return command.action((folder: string, flags: ExportFlags) => {
    const { format, out } = flags;
    if (format === undefined && out === undefined)
      return buildReport(folder, flags, (name) => !name.endsWith(".pdf"));
    if (out === undefined) throw new InvalidArgumentError(message("cli.export.needs-out"));
    return writeFormats(folder, out, format ?? ["csv", "json"], flags);
  });
}

function writeFormats(
  folder: string,
  out: string,
  formats: readonly ExportFormat[],
  flags: ExportFlags,
): Promise<void> {
  const terminal = new Terminal(Boolean(flags.json));
  return withHansight(async (hansight) => {
    const { places } = hansight;
    const { client } = flags.identity ? await signedInReader(hansight, flags) : hansight;
    const auditId = await openAudit(hansight, folder);
    const choice = { auditId, items: null, keepNames: Boolean(flags.keepNames) };
    const losses = (await client.exports.formats(choice)).filter(({ format }) =>
      formats.includes(format),
    );
    for (const { format, losses: said } of losses)
      for (const words of said)
        terminal.say("cli.export.loss", { format: message(`export.format.${format}`), words });
    const { jobId } = await client.exports.start({
      ...choice,
      formats: [...formats],
      deidentifiedSources: Boolean(flags.deidentifiedSources),
      out: await places.idFor(out),
      identity: flags.identity,
      existing: flags.force ? "replace" : "refuse",
    });
    const job = await followJob(hansight, { auditId, jobId }, terminal);
    if (job.state !== "done") return;
    const [written] = await client.exports.list({ auditId });
    const files = written?.formats ?? [];
    terminal.table(files.map(({ format, files: n, bytes }) => [format, String(n), String(bytes)]));
    terminal.json({ out, formats: files, losses });
  });
}

function formatsIn(text: string): ExportFormat[] {
  return text.split(",").map((name) => {
    const format = exportFormats.find((known) => known === name.trim());
    if (!format)
      throw new InvalidArgumentError(
        message("cli.export.no-format", { name, formats: exportFormats.join(", ") }),
      );
    return format;
  });
}
