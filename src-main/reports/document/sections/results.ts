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
import { placedQuadrants, type Rates } from "../../../../shared/domain/rates.ts";
import { acceptanceBlocks, agreementBlocks } from "../agreement.ts";
import { causeOf, sampledCells, sampledColumns } from "../rates.ts";
import { valuesOf } from "./methods.ts";

/** 8: answers against focus, by quadrant and by class; rates from the random sample alone. */
export function resultsSection(context: DocumentContext): Section {
  const { data, figures } = context;
  if (!data.run)
    return {
      id: "8",
      title: message("document.results.title"),
      flow: "on",
      blocks: [
        { kind: "paragraph", text: message("document.result.no-run") },
        ...sampleBlocks(context),
      ],
    };
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
    ...groupBlocks(context),
    ...acceptanceBlocks(context),
    ...agreementBlocks(context),
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

/** What the random sample says of the dataset, in quadrants and Spurious; or why it says nothing yet. */
function sampleBlocks({ data }: DocumentContext): Block[] {
  const { rates } = data;
  const heading: Block = { kind: "heading", text: message("document.results.sample") };
  if (rates.queue === null)
    return [heading, { kind: "paragraph", text: message("document.results.sample.no-queue") }];
  const fraction = kOfN({ k: rates.read, n: rates.size });
  if (!rates.overall) {
    const cause = causeOf(rates);
    return [
      heading,
      { kind: "paragraph", text: message("document.results.sample.none", { fraction, cause }) },
    ];
  }
  const shown = [
    ...(rates.quadrants
      ? placedQuadrants.map((place) => ({
          name: message(`document.quadrant.${place}`),
          rate: rates.quadrants?.[place] ?? null,
          isAccent: place === "right-off",
        }))
      : []),
    { name: message("document.results.spurious.any"), rate: rates.overall, isAccent: false },
  ];
  const scale = scaleTo(Math.max(...shown.map(({ rate }) => rate?.interval.high ?? 0)));
  const part = rates.read < rates.size ? ` ${message("document.results.sample.part")}` : "";
  const from = message("document.results.sample.some", {
    fraction,
    population: whole(rates.population),
    plan:
      rates.plan === null
        ? message("document.results.sample.run")
        : message("document.results.sample.plan", { no: rates.plan }),
  });
  return [
    heading,
    { kind: "note", text: `${from}${part}` },
    {
      kind: "table",
      columns: [
        { head: message("document.column.quadrant"), align: "left", width: 3 },
        ...sampledColumns(message("document.column.items"), scale),
      ],
      rows: shown.map(({ name, rate, isAccent }) => [name, ...sampledCells(rate, isAccent)]),
    },
    { kind: "note", text: otherWords(rates) },
  ];
}

/** Verdicts that place an item in none of the four. */
function otherWords({ verdicts: counts }: Rates): string {
  return message("document.results.sample.others", {
    mixed: whole(counts.mixed),
    unclear: whole(counts.unclear),
    unreliable: whole(counts.unreliable),
  });
}

/** Rates of Spurious by class, by answer and by site, each from its own part of the sample. */
function groupBlocks({ data: { rates } }: DocumentContext): Block[] {
  if (rates.groups.length === 0) return [];
  const shown = rates.groups.slice(0, groupsShown);
  const more = rates.groups.length - shown.length;
  return [
    { kind: "heading", text: message("document.results.groups") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.group"), align: "left", width: 3 },
        { head: message("document.column.items"), align: "right", width: null },
        ...sampledColumns(message("document.column.spurious"), fullScale),
      ],
      rows: shown.map(({ kind, name, population, rate }) => [
        [
          kind === "answer"
            ? message(name === "right" ? "rates.name.right" : "rates.name.wrong")
            : breakable(name),
          muted(message(`rates.group.${kind}`)),
        ],
        whole(population),
        ...sampledCells(rate, true),
      ]),
    },
    ...(more > 0
      ? [
          {
            kind: "note",
            text: message("document.results.groups.more", { n: whole(more) }),
          } as const,
        ]
      : []),
  ];
}

const groupsShown = 60;

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
    plotOf(wilsonMark(count), isAccent),
    isSmall(count) ? muted(rate) : rate,
    muted(intervalOf(count)),
  ];
}

function wilsonMark(count: Count) {
  return { at: count.k / count.n, ...wilson(count) };
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
