import { SingleBar } from "cli-progress";
import type { Job } from "../../shared/domain/job.ts";
import { explainError, type ErrorJson } from "../../shared/errors/app-error.ts";
import {
  message,
  type MessageKey,
  type MessageParameters,
} from "../../shared/messages/catalogue.ts";

/**
 * What a command says. People read sentences on stdout and progress on stderr; with `--json` stdout holds one JSON object
 * and nothing else.
 */
export class Terminal {
  readonly isJson: boolean;
  #bar: SingleBar | null = null;
  #hasStatus = false;
  #fit: SingleBar | null = null;

  constructor(isJson: boolean) {
    this.isJson = isJson;
  }

  say(key: MessageKey, parameters?: MessageParameters): void {
    this.line(message(key, parameters));
  }

  line(text = ""): void {
    if (this.#hasStatus) process.stderr.write("\r\u001b[K");
    this.#hasStatus = false;
    if (!this.isJson) process.stdout.write(`${text}\n`);
  }

  /** Progress of what is no job, on stderr: rewritten where a person watches, else nothing. */
  status(key: MessageKey, parameters?: MessageParameters): void {
    if (this.isJson || !process.stderr.isTTY) return;
    process.stderr.write(`\r\u001b[K${message(key, parameters)}`);
    this.#hasStatus = true;
  }

  /** Left-aligned columns; the last one is not padded. */
  table(rows: readonly (readonly string[])[], indent = "  "): void {
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => (row[column] ?? "").length)),
    );
    for (const row of rows) {
      const cells = row.map((cell, column) =>
        column === row.length - 1 ? cell : cell.padEnd(widths[column]),
      );
      this.line(indent + cells.join("  "));
    }
  }

  json(value: unknown): void {
    if (this.isJson) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  error(error: ErrorJson): void {
    const { what, safe, hint } = explainError(error);
    process.stderr.write(`${what}.\n${safe}. ${hint}.\n`);
    this.json({ error: { code: error.code, details: error.details, what, safe, hint } });
  }

  progress(job: Job): void {
    if (this.isJson) return;
    if (job.fitting) {
      this.#progressOfFit(job.fitting);
      return;
    }
    this.#endFit();
    if (job.planned > 0 && !this.#bar) {
      this.#bar = newBar("cli.progress");
      this.#bar.start(job.planned, job.tried, { failed: job.failed, title: job.title });
    }
    this.#bar?.setTotal(job.planned);
    this.#bar?.update(job.tried, { failed: job.failed, title: job.title });
  }

  /** A bar of its own: a method learns before the first map. */
  #progressOfFit({ done, of }: NonNullable<Job["fitting"]>): void {
    if (!this.#fit) {
      this.#fit = newBar("cli.progress.fitting");
      this.#fit.start(of, done);
    }
    this.#fit.update(done);
  }

  #endFit(): void {
    this.#fit?.stop();
    this.#fit = null;
  }

  endProgress(): void {
    this.#endFit();
    this.#bar?.stop();
    this.#bar = null;
  }
}

function newBar(format: "cli.progress" | "cli.progress.fitting"): SingleBar {
  return new SingleBar({
    format: message(format),
    barsize: 32,
    hideCursor: true,
    noTTYOutput: !process.stderr.isTTY,
    notTTYSchedule: 5000,
    stream: process.stderr,
  });
}
