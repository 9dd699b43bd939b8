import { isReference, type BenchColumn, type BenchResult } from "../../shared/domain/bench.ts";
import { evaluations, type EvaluationId } from "../../shared/domain/evaluation.ts";
import { methods } from "../../shared/domain/methods.ts";
import { benchMapLabel } from "../../shared/messages/bench-words.ts";
import { message } from "../../shared/messages/catalogue.ts";
import type { Terminal } from "./terminal.ts";

/** Measures that the table shows, as far as they were made; the CSV has all. */
const shown: readonly EvaluationId[] = [
  "energy_lift",
  "energy",
  "pointing_game_15",
  "road",
  "average_drop",
  "adcc",
  "insertion_less_deletion",
  "faithfulness_correlation",
  "max_sensitivity",
  "shortcut_energy",
  "shortcut_lift",
];

/** The result of a bench as a table with intervals, the best first, and the recommendation in its sentence. */
export function sayBench(result: BenchResult, terminal: Terminal): void {
  const { columns, recommendation, settings } = result;
  const score = recommendation.score ?? "road";
  const ids = shown.filter((id) =>
    columns.some(({ metrics }) => metrics.some((metric) => metric.id === id && metric.n > 0)),
  );
  terminal.line();
  terminal.table([
    [
      message("cli.compare.head.method"),
      ...ids.map((id) => message(`evaluation.${id}`) + arrow(evaluations[id].direction)),
      message("cli.compare.head.flagged"),
      message("cli.compare.head.checks"),
      message("cli.compare.head.cost"),
    ],
    ...columns
      .toSorted((a, b) => (figureOf(b, score) ?? -Infinity) - (figureOf(a, score) ?? -Infinity))
      .map((column) => [
        benchMapLabel(column.id),
        ...ids.map((id) => cell(column, id)),
        `${column.flagged} / ${column.images}`,
        checks(column),
        column.forwards.toFixed(column.forwards < 10 ? 2 : 0),
      ]),
  ]);
  terminal.line();
  const by = message(`cli.compare.by.${settings.resampledBy}`);
  terminal.say("cli.compare.interval", { by, seed: settings.seed });
  sayExcluded(columns, ids, terminal);
  for (const { method, why } of recommendation.refused)
    terminal.say("cli.compare.refused", {
      method: methods[method].label,
      why: message(`bench.refusal.${why}`),
    });
  sayShortcuts(columns, terminal);
  terminal.line();
  terminal.line(`${recommendation.sentence}.`);
}

function figureOf({ metrics }: BenchColumn, id: EvaluationId): number | null {
  return metrics.find((metric) => metric.id === id)?.mean ?? null;
}

function cell({ metrics }: BenchColumn, id: EvaluationId): string {
  const found = metrics.find((metric) => metric.id === id);
  if (!found || found.mean === null || !found.interval) return "–";
  const { low, high } = found.interval;
  return `${found.mean.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function checks({ id, sheet }: BenchColumn): string {
  return isReference(id) || sheet === "not-made" ? "–" : message(`sheet.state.${sheet}`);
}

function arrow(direction: "higher-is-better" | "lower-is-better" | "neither"): string {
  return { "higher-is-better": " ↑", "lower-is-better": " ↓", neither: "" }[direction];
}

/** Which methods show known shortcut regions: where the whole interval of the lift lies above 1. */
function sayShortcuts(columns: readonly BenchColumn[], terminal: Terminal): void {
  const lifts = columns.flatMap(({ id, metrics }) => {
    const interval = metrics.find((metric) => metric.id === "shortcut_lift")?.interval;
    return interval && !isReference(id)
      ? [{ label: benchMapLabel(id), isSeen: interval.low > 1 }]
      : [];
  });
  if (lifts.length === 0) return;
  const named = (isSeen: boolean) =>
    lifts
      .filter((one) => one.isSeen === isSeen)
      .map(({ label }) => label)
      .join(", ") || message("cli.compare.shortcut.none");
  terminal.say("cli.compare.shortcut.seen", { methods: named(true) });
  terminal.say("cli.compare.shortcut.unseen", { methods: named(false) });
}

/** What was left out, of the column that lost least: what all of them share. */
function sayExcluded(
  columns: readonly BenchColumn[],
  ids: readonly EvaluationId[],
  terminal: Terminal,
): void {
  for (const id of ids) {
    const each = columns.flatMap(({ metrics }) => metrics.filter((metric) => metric.id === id));
    const [least] = each.toSorted((a, b) => b.n - a.n);
    const causes = Object.entries(least?.excluded ?? {});
    if (causes.length === 0) continue;
    terminal.say("cli.compare.excluded", {
      metric: message(`evaluation.${id}`),
      n: causes.reduce((sum, [, n]) => sum + n, 0),
      why: causes
        .map(([cause, n]) => `${message(`evaluation.cause.${cause as CauseKey}`)} ${n}`) // keys of a record of causes
        .join(", "),
    });
  }
}

type CauseKey = keyof BenchColumn["metrics"][number]["excluded"];
