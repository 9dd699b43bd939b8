import type { Run } from "../../../../shared/contract/audits.ts";
import { mapFlags } from "../../../../shared/domain/map-flag.ts";
import { methods } from "../../../../shared/domain/methods.ts";
import type { MetricId, ScoreId } from "../../../../shared/domain/metrics.ts";
import { formatRaw } from "../../../../shared/heatmap/legend.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import { fitWords } from "../../../../shared/messages/fit-words.ts";
import { percentile } from "../../../../shared/statistics/percentile.ts";
import type { ReportItem } from "../../report-data.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Fact, Row, Section } from "../document.ts";
import { breakable, muted } from "../names.ts";
import { kOfN, score, whole } from "../numbers.ts";
import { reliabilityBlocks } from "../reliability.ts";

/** 6: how the maps were made, and how far they can be trusted. */
export function methodsSection({ data }: DocumentContext): Section {
  const { run, items } = data;
  if (!run)
    return {
      id: "6",
      title: message("document.methods.title"),
      flow: "on",
      blocks: [{ kind: "paragraph", text: message("document.methods.none") }],
    };
  const blocks: Block[] = [
    { kind: "facts", rows: factsOf(run, data) },
    { kind: "heading", text: message("document.methods.reliability") },
    { kind: "note", text: message("document.methods.reliability.note") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.metric"), align: "left", width: 7 },
        { head: message("document.column.n"), align: "right", width: null },
        { head: message("document.column.median"), align: "right", width: null },
        { head: message("document.column.range"), align: "right", width: null },
        { head: message("document.column.reading"), align: "left", width: 6 },
      ],
      rows: measureRows(items, data.audit.hasEvidence),
    },
    { kind: "list", items: mapWords(run, items) },
    ...reliabilityBlocks(data),
  ];
  return { id: "6", title: message("document.methods.title"), flow: "on", blocks };
}

function factsOf(run: Run, { audit, model }: DocumentContext["data"]): Fact[] {
  const facts = methods[run.method];
  const [, height, width] = run.tap.grid;
  const prepared = audit.models.find(({ id }) => id === run.modelId)?.preparation;
  const classNames = audit.models.find(({ id }) => id === run.modelId)?.classNames ?? [];
  const second = run.secondMethod && methods[run.secondMethod];
  return [
    [message("document.methods.method"), methodWords(run.method)],
    [message("document.methods.does"), `${facts.description}.`],
    [message("document.methods.weakness"), `${facts.weakness}.${classFree(facts.isClassSpecific)}`],
    [message("document.methods.zero"), message(`document.methods.zero.${facts.zero}`)],
    [message("document.methods.weights"), message(`document.methods.weights.${run.gradient}`)],
    ...(run.fit
      ? [[message("document.methods.learnt"), `${fitWords(run.fit, classNames)}.`] satisfies Fact]
      : []),
    [message("document.methods.target"), targetWords(run, audit.classes)],
    [
      message("document.methods.grid"),
      message("document.methods.grid.value", {
        grid: `${width} × ${height}`,
        width: Math.round((prepared?.widthPx ?? model?.input.widthPx ?? 0) / width),
        height: Math.round((prepared?.heightPx ?? model?.input.heightPx ?? 0) / height),
      }),
    ],
    [
      message("document.methods.second"),
      second
        ? message("document.methods.second.value", { label: second.label, paper: second.paper })
        : message("document.methods.second.none"),
    ],
    [
      message("document.methods.run"),
      message("document.methods.run.value", {
        no: run.no,
        done: whole(run.done),
        planned: whole(run.planned),
        failed: whole(run.failed),
        seed: run.seed,
        device: run.device,
      }),
    ],
    [
      message("document.methods.suspicion"),
      message(`document.methods.suspicion.${audit.hasEvidence ? "evidence" : "none"}`),
    ],
  ];
}

export function methodWords(id: Run["method"]): string {
  const { label, paper, status } = methods[id];
  return message("document.methods.method.value", {
    label,
    paper,
    status: message(`document.methods.status.${status}`),
  });
}

export function targetWords({ target }: Run, classes: readonly string[]): string {
  if (target.kind !== "class") return message(`document.methods.target.${target.kind}`);
  const name = breakable(classes[target.index] ?? String(target.index));
  return message("document.methods.target.class", { name });
}

function classFree(isClassSpecific: boolean): string {
  return isClassSpecific ? "" : ` ${message("document.methods.class-free")}`;
}

const sampled = [
  { id: "agreement", low: 0.3 },
  { id: "stability", low: 0.5 },
  { id: "necessity", low: 0.05 },
] as const;

function measureRows(items: readonly ReportItem[], hasEvidence: boolean): Row[] {
  const rows = sampled.map(({ id, low }): Row => {
    const values = valuesOf(items, id);
    const n = values.length;
    const k = values.filter((value) => value < low).length;
    return row(
      message(`document.methods.${id}`),
      values,
      n === 0 ? "" : message(`document.methods.${id}.low`, { fraction: kOfN({ k, n }) }),
    );
  });
  if (hasEvidence)
    rows.push(row(message("document.methods.inside"), valuesOf(items, "inside_energy"), ""));
  return rows;
}

function row(name: string, values: readonly number[], reading: string): Row {
  if (values.length === 0)
    return [name, "0", "", "", muted(message("document.methods.not-measured"))];
  const [low, median, high] = [0.1, 0.5, 0.9].map((share) => score(percentile(values, share)));
  return [name, whole(values.length), median, `${low} to ${high}`, reading];
}

export function valuesOf(items: readonly ReportItem[], id: MetricId | ScoreId): number[] {
  return items.flatMap(({ measures }) => {
    const value = measures[id];
    return typeof value === "number" && Number.isFinite(value) ? [value] : [];
  });
}

function mapWords(run: Run, items: readonly ReportItem[]): string[] {
  const causes = (cause: string) =>
    items.filter(({ measures }) => measures.suspicion === cause).length;
  const weak = causes("weak-map");
  const gated = causes("gate-failed");
  const limit = run.weakBelow === null ? "–" : formatRaw(run.weakBelow);
  const flags = mapFlags
    .map((flag) => ({ flag, n: items.filter(({ flags }) => flags.includes(flag)).length }))
    .filter(({ n }) => n > 0)
    .map(({ flag, n }) =>
      message("document.methods.flag-count", {
        flag: message(`document.methods.flag.${flag}`),
        n: whole(n),
      }),
    );
  return [
    weak > 0
      ? message("document.methods.weak", { n: weak, shown: whole(weak), limit })
      : message("document.methods.no-weak"),
    ...(gated > 0 ? [message("document.methods.gated", { n: gated, shown: whole(gated) })] : []),
    flags.length > 0
      ? message("document.methods.flags", { flags: flags.join(", ") })
      : message("document.methods.no-flags"),
  ];
}
