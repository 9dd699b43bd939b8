import { reasons as reasonKeys, verdicts } from "../../../../shared/domain/review.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { ReportItem } from "../../report-data.ts";
import { fullScale, plotOf, scaleTo } from "../charts.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Cell, Row, Section } from "../document.ts";
import { places } from "../figures.ts";
import { breakable } from "../names.ts";
import { intervalOf, isSmall, kOfN, percentOf, rateOf, score, whole } from "../numbers.ts";
import type { Count } from "../../../../shared/statistics/proportion.ts";
import { wilson } from "../../../../shared/statistics/proportion.ts";
import { valuesOf } from "./methods.ts";

/** 8: answers against focus, by quadrant and by class; rates from the random sample alone. */
export function resultsSection(context: DocumentContext): Section | null {
  const { data, figures } = context;
  if (!data.run) return null;
  const blocks: Block[] = [];
  if (figures.accuracy.n > 0)
    blocks.push({
      kind: "facts",
      rows: [[message("document.results.accuracy"), rateOf(figures.accuracy)]],
    });
  if (data.run.failed > 0) {
    const n = data.run.failed;
    blocks.push({
      kind: "paragraph",
      text: message("document.results.failed", { n, shown: whole(n) }),
    });
  }
  blocks.push(
    { kind: "heading", text: message("document.results.quadrants") },
    quadrantTable(context),
    ...sampleBlocks(context),
    { kind: "heading", text: message("document.results.classes") },
    classTable(context),
    { kind: "note", text: message("document.results.classes.note") },
    ...verdictBlocks(context),
  );
  return { id: "8", title: message("document.results.title"), startsPage: true, blocks };
}

function quadrantTable({ data, figures }: DocumentContext): Block {
  const { judged, predicted } = figures;
  const rows: Row[] = places.map((place) => {
    const name = message(`document.quadrant.${place}`);
    return [
      place === "right-off" ? { text: name, tone: "strong" } : name,
      whole(judged[place] + predicted[place]),
      whole(judged[place]),
      whole(predicted[place]),
    ];
  });
  const all = (counts: typeof judged) => places.reduce((sum, place) => sum + counts[place], 0);
  rows.push([
    { text: message("document.results.sum"), tone: "strong" },
    whole(data.items.length),
    whole(all(judged)),
    whole(all(predicted)),
  ]);
  return {
    kind: "table",
    columns: [
      { head: message("document.column.quadrant"), align: "left", width: 6 },
      { head: message("document.column.all"), align: "right", width: 2 },
      { head: message("document.column.judged"), align: "right", width: 2 },
      { head: message("document.column.metrics"), align: "right", width: 2 },
    ],
    rows,
  };
}

function sampleBlocks({ figures: { sample } }: DocumentContext): Block[] {
  const heading: Block = { kind: "heading", text: message("document.results.sample") };
  if (!sample)
    return [heading, { kind: "paragraph", text: message("document.results.sample.no-queue") }];
  const [k, n] = [sample.read.length, sample.queue.items.length];
  const fraction = kOfN({ k, n });
  if (k === 0)
    return [
      heading,
      { kind: "paragraph", text: message("document.results.sample.none", { fraction }) },
    ];
  const counts = places.map((place) => ({ place, k: sample.counts[place], n: k }));
  const scale = scaleTo(Math.max(...counts.map((count) => wilson(count).high)));
  const part = k < n ? ` ${message("document.results.sample.part")}` : "";
  return [
    heading,
    { kind: "note", text: `${message("document.results.sample.some", { fraction })}${part}` },
    {
      kind: "table",
      columns: [
        { head: message("document.column.quadrant"), align: "left", width: 4 },
        { head: message("document.column.items"), align: "right", width: null },
        { head: "", align: "left", width: 5, scale },
        { head: message("document.column.rate"), align: "right", width: null },
        { head: message("document.column.interval"), align: "right", width: null },
      ],
      rows: counts.map((count) => [
        message(`document.quadrant.${count.place}`),
        kOfN(count),
        plotOf(count, count.place === "right-off"),
        rateCell(count),
        { text: intervalOf(count), tone: "muted" },
      ]),
    },
  ];
}

function classTable({ data, figures: { sample } }: DocumentContext): Block {
  const read = new Map(sample?.read.map(({ item, judgement }) => [item.no, judgement.verdict]));
  const known = new Set(data.audit.classes);
  const others = [...new Set(data.items.flatMap(({ label }) => label ?? []))].filter(
    (name) => !known.has(name),
  );
  const rows = [...data.audit.classes, ...others].map((name): Row => {
    const own = data.items.filter(({ label }) => label === name);
    const answered = own.filter(({ correct }) => correct !== null);
    const right: Count = {
      k: answered.filter(({ correct }) => correct).length,
      n: answered.length,
    };
    const judged = own.filter(({ no }) => read.has(no));
    const spurious: Count = {
      k: judged.filter(({ no }) => read.get(no) === "spurious").length,
      n: judged.length,
    };
    const isRead = spurious.n > 0;
    return [
      breakable(name),
      whole(own.length),
      right.n > 0 ? rateCell(right) : muted("–"),
      insideCell(own),
      isRead ? kOfN(spurious) : muted(message("document.count", { k: 0, n: 0 })),
      isRead ? plotOf(spurious, true) : "",
      isRead ? rateCell(spurious) : muted("–"),
      isRead ? muted(intervalOf(spurious)) : "",
    ];
  });
  return {
    kind: "table",
    columns: [
      { head: message("document.column.class"), align: "left", width: 5 },
      { head: message("document.column.items"), align: "right", width: null },
      { head: message("document.column.accuracy"), align: "right", width: null },
      { head: message("document.column.inside"), align: "right", width: null },
      { head: message("document.column.spurious"), align: "right", width: null },
      { head: "", align: "left", width: 5, scale: fullScale },
      { head: message("document.column.rate"), align: "right", width: null },
      { head: message("document.column.interval"), align: "right", width: null },
    ],
    rows,
  };
}

function insideCell(items: readonly ReportItem[]): Cell {
  const values = valuesOf(items, "inside_energy");
  if (values.length === 0) return muted("–");
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return `${score(mean)} (${whole(values.length)})`;
}

function verdictBlocks({ figures: { verdictOf } }: DocumentContext): Block[] {
  if (verdictOf.size === 0) return [];
  const all = [...verdictOf.values()];
  const blocks: Block[] = [
    { kind: "heading", text: message("document.results.verdicts") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.verdict"), align: "left", width: 6 },
        { head: message("document.column.count"), align: "right", width: 2 },
      ],
      rows: verdicts.map((verdict) => [
        message(`verdict.${verdict}`),
        whole(all.filter((one) => one.verdict === verdict).length),
      ]),
    },
  ];
  const given = Object.values(reasonKeys)
    .map((reason) => ({
      reason,
      n: all.filter(({ reasons }) => reasons.includes(reason)).length,
    }))
    .filter(({ n }) => n > 0)
    .toSorted((a, b) => b.n - a.n);
  if (given.length > 0)
    blocks.push(
      { kind: "heading", text: message("document.results.reasons") },
      {
        kind: "table",
        columns: [
          { head: message("document.column.reason"), align: "left", width: 6 },
          { head: message("document.column.count"), align: "right", width: 2 },
        ],
        rows: given.map(({ reason, n }) => [message(`reason.${reason}`), whole(n)]),
      },
      { kind: "note", text: message("document.results.reasons.note") },
    );
  return blocks;
}

/** The rate of a count; grey under ten, where the fraction leads. */
function rateCell(count: Count): Cell {
  const text = percentOf(count.k / count.n);
  return isSmall(count) ? muted(text) : text;
}

function muted(text: string): Cell {
  return { text, tone: "muted" };
}
