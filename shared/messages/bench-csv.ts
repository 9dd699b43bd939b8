import { isReference, type BenchResult } from "../domain/bench.ts";
import { evaluations, evaluationSettings } from "../domain/evaluation.ts";
import { benchMapLabel } from "./bench-words.ts";

const head = [
  "column",
  "label",
  "metric",
  "direction",
  "mean",
  "low95",
  "high95",
  "n",
  "excluded",
  "forwards_per_map",
  "images",
  "flagged",
  "sanity_checks",
];

/** A bench as CSV: the settings that every number depends on in comment lines, then a row per column and measure. */
export function benchCsv({ settings, columns, recommendation }: BenchResult): string {
  const stated = { ...settings, measures: evaluationSettings };
  const comments = [
    `# ${recommendation.sentence}`,
    ...Object.entries(stated).map(([name, value]) => `# ${name}: ${JSON.stringify(value)}`),
  ];
  const rows = columns.flatMap(({ id, forwards, images, flagged, sheet, metrics }) =>
    metrics.map((metric) => [
      id,
      benchMapLabel(id),
      metric.id,
      evaluations[metric.id].direction,
      number(metric.mean),
      number(metric.interval?.low),
      number(metric.interval?.high),
      String(metric.n),
      Object.entries(metric.excluded)
        .map(([cause, n]) => `${cause} ${n}`)
        .join("; "),
      number(forwards),
      String(images),
      String(flagged),
      isReference(id) ? "" : sheet,
    ]),
  );
  return (
    [...comments, ...[head, ...rows].map((row) => row.map(quoted).join(","))].join("\r\n") + "\r\n"
  );
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(Number(value.toPrecision(8)));
}

/** RFC 4180, and nothing that a spreadsheet would run. */
function quoted(cell: string): string {
  const safe = /^[=+@\t]|^-(?!\d)/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
