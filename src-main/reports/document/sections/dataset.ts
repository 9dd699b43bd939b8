import { createHash } from "node:crypto";
import { explainError } from "../../../../shared/errors/app-error.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { ReportItem } from "../../report-data.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Fact, Row, Section } from "../document.ts";
import { breakable, hash, muted } from "../names.ts";
import { percentOf, whole } from "../numbers.ts";

const faultsShown = 40;
const valuesShown = 8;

/** 3: what the audit was given, counted. */
export function datasetSection(context: DocumentContext): Section {
  const { audit, items } = context.data;
  const base = { id: "3", title: message("document.dataset.title"), flow: "on" } as const;
  if (items.length === 0)
    return { ...base, blocks: [{ kind: "paragraph", text: message("document.dataset.empty") }] };
  const blocks: Block[] = [
    { kind: "facts", rows: factsOf(items) },
    { kind: "note", text: message("document.dataset.population.note") },
    { kind: "heading", text: message("document.dataset.classes") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.class"), align: "left", width: 6 },
        { head: message("document.column.items"), align: "right", width: 2 },
        { head: message("document.column.share"), align: "right", width: 2 },
        { head: message("document.column.evidence"), align: "right", width: 3 },
      ],
      rows: classRows(items, audit.classes),
    },
    ...facetBlocks(items),
  ];
  if (audit.notes.length > 0)
    blocks.push(
      { kind: "heading", text: message("document.dataset.notes") },
      { kind: "list", items: audit.notes.map(breakable) },
    );
  blocks.push(...faultBlocks(context));
  return { ...base, blocks };
}

function factsOf(items: readonly ReportItem[]): Fact[] {
  const unreadable = items.filter(({ error, isMissing }) => error !== null || isMissing).length;
  const labelled = items.filter(({ label }) => label !== null).length;
  const evidence = items.filter(({ hasEvidence }) => hasEvidence).length;
  const none = (count: number) => (count ? whole(count) : message("document.dataset.none"));
  const facts: (Fact | null)[] = [
    [message("document.dataset.images"), whole(items.length)],
    [message("document.dataset.unreadable"), none(unreadable)],
    [message("document.dataset.labelled"), none(labelled)],
    [message("document.dataset.evidence"), none(evidence)],
    sizes(items),
    groups(items),
    splits(items),
    copies(items),
    [message("document.dataset.population"), hash(populationHash(items))],
  ];
  return facts.filter((fact) => fact !== null);
}

function sizes(items: readonly ReportItem[]): Fact | null {
  const widths = items.flatMap(({ width }) => width ?? []);
  const heights = items.flatMap(({ height }) => height ?? []);
  if (widths.length === 0) return null;
  const low = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const high = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  const isOne = low(widths) === high(widths) && low(heights) === high(heights);
  const words = isOne
    ? message("document.dataset.size.one", { width: widths[0], height: heights[0] })
    : message("document.dataset.size.range", {
        minWidth: low(widths),
        maxWidth: high(widths),
        minHeight: low(heights),
        maxHeight: high(heights),
      });
  return [message("document.dataset.size"), words];
}

function groups(items: readonly ReportItem[]): Fact | null {
  const counts = countBy(items, ({ group }) => group);
  if (counts.size === 0) return null;
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b));
  const words = message("document.dataset.groups.value", { n: whole(counts.size), most });
  return [message("document.dataset.groups"), words];
}

function splits(items: readonly ReportItem[]): Fact | null {
  const counts = countBy(items, ({ split }) => split);
  if (counts.size === 0) return null;
  return [message("document.dataset.splits"), valueWords(counts)];
}

function copies(items: readonly ReportItem[]): Fact {
  const counts = countBy(items, ({ sha256 }) => sha256);
  const n = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
  const words = n
    ? message("document.dataset.duplicates.value", { n, shown: whole(n) })
    : message("document.dataset.none");
  return [message("document.dataset.duplicates"), words];
}

function populationHash(items: readonly ReportItem[]): string {
  const hash = createHash("sha256");
  for (const { sha256 } of items) hash.update(`${sha256 ?? "unreadable"}\n`);
  return hash.digest("hex");
}

function classRows(items: readonly ReportItem[], classes: readonly string[]): Row[] {
  const byClass = Map.groupBy(items, ({ label, labels }) => label ?? (labels.join("; ") || null));
  const others = [...byClass.keys()].filter((name) => name !== null && !classes.includes(name));
  return [...classes, ...others, null]
    .filter((name) => name !== null || byClass.has(null))
    .map((name): Row => {
      const own = byClass.get(name) ?? [];
      const evidence = own.filter(({ hasEvidence }) => hasEvidence).length;
      return [
        name === null ? muted(message("document.dataset.no-class")) : breakable(name),
        whole(own.length),
        percentOf(own.length / items.length),
        whole(evidence),
      ];
    });
}

function facetBlocks(items: readonly ReportItem[]): Block[] {
  const names = [...new Set(items.flatMap(({ facets }) => Object.keys(facets)))];
  if (names.length === 0) return [];
  const rows = names.map((name): Fact => {
    const counts = countBy(items, ({ facets }) => facets[name] || null);
    return [breakable(name), valueWords(counts)];
  });
  return [
    { kind: "heading", text: message("document.dataset.columns") },
    { kind: "facts", rows },
  ];
}

function faultBlocks({ data, nameOf }: DocumentContext): Block[] {
  const faults = data.items.flatMap(({ no, error }) => (error ? [{ no, error }] : []));
  if (faults.length === 0) return [];
  const more = faults.length - faultsShown;
  return [
    { kind: "heading", text: message("document.dataset.faults") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.item"), align: "left", width: 4 },
        { head: message("document.column.what"), align: "left", width: 9 },
      ],
      rows: faults
        .slice(0, faultsShown)
        .map(({ no, error }) => [nameOf(no), breakable(explainError(error).what)]),
    },
    ...(more > 0
      ? [
          {
            kind: "note",
            text: message("document.dataset.faults.more", { n: whole(more) }),
          } as const,
        ]
      : []),
  ];
}

function countBy<T>(items: readonly T[], of: (item: T) => string | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = of(item);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The values with their counts, or how many there are. */
function valueWords(counts: ReadonlyMap<string, number>): string {
  if (counts.size <= valuesShown) return countWords(counts);
  return message("document.dataset.column.many", { n: whole(counts.size) });
}

function countWords(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([name, count]) => `${breakable(name)} ${whole(count)}`)
    .join(", ");
}
