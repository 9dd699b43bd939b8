import type { Command } from "commander";
import type { AuditId, RunId } from "../../shared/domain/ids.ts";
import { methods } from "../../shared/domain/methods.ts";
import {
  sheetFacts,
  sheetNotes,
  sheetSentence,
  sheetTable,
} from "../../shared/domain/sheet-words.ts";
import type { ReliabilitySheet } from "../../shared/domain/sheet.ts";
import { explainError, toErrorJson } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Hansight } from "../start.ts";
import { followJob } from "./in-process.ts";
import type { Terminal } from "./terminal.ts";

/** A report waits this long for its reliability sheet, or for this share of the time that went before, whichever is more. */
const patience = { leastMs: 5000, share: 0.25 } as const;

/** true: however long it takes; false: none is made; left out: a few seconds, or a quarter of the run's time. */
export interface SheetFlags {
  readonly sheet?: boolean;
}

export function addSheetFlags(command: Command): Command {
  return command
    .option("--sheet", message("cli.option.sheet"))
    .option("--no-sheet", message("cli.option.no-sheet"));
}

/** The sheet of a run's maps, made where there is none; null where it is not there in time, or cannot be made. */
export async function awaitSheet(
  hansight: Hansight,
  { auditId, run, beganMs }: { readonly auditId: AuditId; readonly run: RunId; beganMs: number },
  { sheet: isWanted }: SheetFlags,
  terminal: Terminal,
): Promise<ReliabilitySheet | null> {
  const { client } = hansight;
  if (isWanted === false) return client.sheets.get({ auditId, run });
  const patienceMs = Math.max(patience.leastMs, patience.share * (performance.now() - beganMs));
  let isLate = false;
  try {
    const { jobId, existing } = await client.sheets.make({ auditId, run });
    if (!jobId) return existing;
    const late = setTimeout(() => {
      isLate = true;
      void client.runs.cancel({ auditId, jobId });
    }, patienceMs);
    if (isWanted) clearTimeout(late);
    try {
      await followJob(hansight, { auditId, jobId }, terminal);
    } finally {
      clearTimeout(late);
    }
  } catch (cause) {
    terminal.say("cli.sheet.stopped", { why: explainError(toErrorJson(cause)).what });
  }
  if (isLate) terminal.say("cli.sheet.late", { seconds: Math.round(patienceMs / 1000) });
  return client.sheets.get({ auditId, run });
}

/** The verdict in a sentence, then all numbers. */
export function printSheet(sheet: ReliabilitySheet, terminal: Terminal): void {
  terminal.say("sheet.made", {
    method: methods[sheet.method].label,
    tap: sheet.tap,
    state: message(`sheet.state.${sheet.verdict}`),
  });
  terminal.line(sheetSentence(sheet));
  terminal.line();
  const { heads, rows } = sheetTable(sheet);
  terminal.table([heads, ...rows]);
  terminal.line();
  terminal.table(sheetFacts(sheet).map((pair) => [...pair]));
  terminal.line();
  for (const note of sheetNotes(sheet)) terminal.line(`  ${note}`);
}
