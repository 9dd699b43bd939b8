import { reasons as reasonKeys, verdicts } from "../../../../shared/domain/review.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { ReportItem } from "../../report-data.ts";
import { fullScale, plotOf, scaleTo } from "../charts.ts";
import type { DocumentContext } from "../context.ts";
import type {
  Block,
  Cell,
  Column,
  PairSide,
  Row,
  Scale,
  Section,
  TableBlock,
} from "../document.ts";
import { places } from "../figures.ts";
import { breakable, muted } from "../names.ts";
import { reliabilityWords } from "../reliability.ts";
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
  blocks.push({ kind: "paragraph", text: reliabilityWords(data) });
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
    { kind: "note", text: message("document.results.classes.note") },
    classTable(context),
    ...spuriousBlocks(context),
    ...verdictBlocks(context),
  );
  return { id: "8", title: message("document.results.title"), flow: "on", blocks };
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
        { head: message("document.column.quadrant"), align: "left", width: 3 },
        ...rateColumns(message("document.column.items"), scale),
      ],
      rows: counts.map((count) => [
        message(`document.quadrant.${count.place}`),
        ...rateCells(count, count.place === "right-off"),
      ]),
    },
  ];
}

/** Every class that an item is given as: the model's first, in its order. */
function classNames({ audit, items }: DocumentContext["data"]): string[] {
  const known = new Set(audit.classes);
  const others = new Set(
    items.flatMap(({ label }) => label ?? []).filter((name) => !known.has(name)),
  );
  return [...audit.classes, ...others];
}

function classTable({ data }: DocumentContext): Block {
  const rows = classNames(data).map((name): Row => {
    const own = data.items.filter(({ label }) => label === name);
    const answered = own.filter(({ correct }) => correct !== null);
    const right = { k: answered.filter(({ correct }) => correct).length, n: answered.length };
    return [breakable(name), whole(own.length), ...rateCells(right, false), insideCell(own)];
  });
  return {
    kind: "table",
    columns: [
      { head: message("document.column.class"), align: "left", width: 3 },
      { head: message("document.column.items"), align: "right", width: null },
      ...rateColumns(message("document.column.right"), fullScale),
      { head: message("document.column.inside"), align: "right", width: null },
    ],
    rows,
  };
}

/** How often the focus was judged Spurious, by class, in the random sample. */
function spuriousBlocks({ data, figures: { sample } }: DocumentContext): Block[] {
  if (!sample || sample.read.length === 0) return [];
  const rows = classNames(data).map((name): Row => {
    const own = sample.read.filter(({ item }) => item.label === name);
    const k = own.filter(({ judgement }) => judgement.verdict === "spurious").length;
    return [breakable(name), ...rateCells({ k, n: own.length }, true)];
  });
  const all = sample.read.filter(({ judgement }) => judgement.verdict === "spurious").length;
  rows.push([
    { text: message("document.results.sum"), tone: "strong" },
    ...rateCells({ k: all, n: sample.read.length }, true),
  ]);
  return [
    { kind: "heading", text: message("document.results.spurious") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.class"), align: "left", width: 3 },
        ...rateColumns(message("document.column.spurious"), fullScale),
      ],
      rows,
    },
  ];
}

/** k of n, its interval drawn, its rate and its interval in figures. */
function rateColumns(head: string, scale: Scale): Column[] {
  return [
    { head, align: "right", width: null },
    { head: "", align: "left", width: 4, scale },
    { head: message("document.column.rate"), align: "right", width: null },
    { head: message("document.column.interval"), align: "right", width: null },
  ];
}

function rateCells(count: Count, isAccent: boolean): Cell[] {
  if (count.n === 0) return [muted(kOfN(count)), "", muted("–"), ""];
  const rate = percentOf(count.k / count.n);
  return [
    kOfN(count),
    plotOf(count, isAccent),
    isSmall(count) ? muted(rate) : rate,
    muted(intervalOf(count)),
  ];
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
  const given = Object.values(reasonKeys)
    .map((reason) => ({ reason, n: all.filter(({ reasons }) => reasons.includes(reason)).length }))
    .filter(({ n }) => n > 0)
    .toSorted((a, b) => b.n - a.n);
  const judged: PairSide = {
    heading: message("document.results.verdicts"),
    table: countTable(
      message("document.column.verdict"),
      verdicts.map((verdict) => [
        message(`verdict.${verdict}`),
        whole(all.filter((one) => one.verdict === verdict).length),
      ]),
    ),
    note: message("document.results.verdicts.note"),
  };
  const reasons: PairSide = {
    heading: message("document.results.reasons"),
    table: countTable(
      message("document.column.reason"),
      given.map(({ reason, n }) => [message(`reason.${reason}`), whole(n)]),
    ),
    note: message("document.results.reasons.note"),
  };
  return [{ kind: "pair", sides: given.length > 0 ? [judged, reasons] : [judged] }];
}

function countTable(head: string, rows: readonly Row[]): TableBlock {
  return {
    kind: "table",
    columns: [
      { head, align: "left", width: 1 },
      { head: message("document.column.count"), align: "right", width: null },
    ],
    rows,
  };
}
