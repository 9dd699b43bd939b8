#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { auditCommand } from "./audit.ts";
import { compareCommand } from "./compare.ts";
import { demoCommand } from "./demo.ts";
import { exitCodeOf, exitCodes } from "./exit.ts";
import { explainCommand } from "./explain.ts";
import { exportGraphCommand } from "./export-graph.ts";
import { exportCommand } from "./export.ts";
import { inspectCommand } from "./inspect.ts";
import { mergeCommand } from "./merge.ts";
import { methodsCommand } from "./methods.ts";
import { planCommand } from "./plan.ts";
import { pseudoLabelsCommand } from "./pseudo-labels.ts";
import { ratesCommand } from "./rates.ts";
import { reopenCommand } from "./reopen.ts";
import { reportCommand } from "./report.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { sheetCommand } from "./sheet.ts";
import { signCommand } from "./sign.ts";
import { startCommand } from "./start.ts";
import { testRegionCommand } from "./test-region.ts";
import { Terminal } from "./terminal.ts";
import { verifyCommand } from "./verify.ts";

/** The command line: one file per command, each a few calls to the typed client. */
const program = new Command("hansight")
  .description(message("cli.about"))
  .showSuggestionAfterError()
  .exitOverride();

const commands = [
  auditCommand,
  runCommand,
  reportCommand,
  exportCommand,
  exportGraphCommand,
  sheetCommand,
  planCommand,
  ratesCommand,
  signCommand,
  reopenCommand,
  testRegionCommand,
  mergeCommand,
  verifyCommand,
  inspectCommand,
  methodsCommand,
  explainCommand,
  pseudoLabelsCommand,
  compareCommand,
  serveCommand,
  startCommand,
  demoCommand,
];
for (const make of commands) program.addCommand(make().exitOverride());

// `hansight inspect M | head` closes the pipe: there is nobody left to print for
process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") process.exit(exitCodes.done);
  throw cause;
});

const isJson = process.argv.includes("--json");
try {
  await program.parseAsync();
} catch (cause) {
  if (cause instanceof CommanderError) {
    process.exitCode = cause.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else {
    const error = toErrorJson(cause);
    new Terminal(isJson).error(error);
    if (error.code === "internal/unexpected" && process.env["HANSIGHT_DEBUG"]) console.error(cause);
    process.exitCode = exitCodeOf(error.code);
  }
}
