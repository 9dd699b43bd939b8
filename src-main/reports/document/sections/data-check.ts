import { message } from "../../../../shared/messages/catalogue.ts";
import { faults } from "../../../../shared/domain/review.ts";
import type { ReportItem } from "../../report-data.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Row, Section } from "../document.ts";
import { whole } from "../numbers.ts";

const namesShown = 30;

/** 4: what can be counted against the data, and the faults that readers marked; what was not looked for is said. */
export function dataCheckSection({ data, nameOf }: DocumentContext): Section {
  const { items, audit } = data;
  const base = { id: "4", title: message("document.check.title"), flow: "on" } as const;
  if (items.length === 0)
    return { ...base, blocks: [{ kind: "paragraph", text: message("document.dataset.empty") }] };
  const copies = copiesOf(items);
  const counted: readonly (readonly [string, number])[] = [
    [message("document.check.unreadable"), items.filter(({ error }) => error !== null).length],
    [message("document.check.missing"), items.filter(({ isMissing }) => isMissing).length],
    [message("document.check.unlabelled"), items.filter(({ label }) => label === null).length],
    [message("document.check.no-evidence"), items.filter((one) => !one.hasEvidence).length],
    [message("document.check.copies"), copies.reduce((sum, own) => sum + own.length - 1, 0)],
    [message("document.check.copies.labels"), copies.filter(haveSeveralLabels).length],
    [message("document.check.copies.splits"), copies.filter(haveSeveralSplits).length],
    [message("document.check.groups.splits"), groupsOf(items).filter(haveSeveralSplits).length],
    [message("document.check.earlier"), audit.earlierFiles ?? 0],
  ];
  const marked = faults.map((fault) => ({
    fault,
    items: items.filter(({ judgements }) => judgements.some((one) => one.fault === fault)),
  }));
  const rows: Row[] = marked
    .filter((one) => one.items.length > 0)
    .map(({ fault, items: own }) => [
      message(`fault.${fault}`),
      whole(own.length),
      own
        .slice(0, namesShown)
        .map(({ no }) => nameOf(no))
        .join(", ") + (own.length > namesShown ? ", …" : ""),
    ]);
  const blocks: Block[] = [
    { kind: "paragraph", text: message("document.check.not-run") },
    { kind: "heading", text: message("document.check.counted") },
    {
      kind: "table",
      columns: [
        { head: message("document.check.what"), align: "left", width: 8 },
        { head: message("document.column.count"), align: "right", width: null },
      ],
      rows: counted.map(([name, n]) => [
        name,
        n === 0 ? message("document.dataset.none") : whole(n),
      ]),
    },
    { kind: "heading", text: message("document.check.faults") },
    rows.length === 0
      ? { kind: "paragraph", text: message("document.check.faults.none") }
      : {
          kind: "table",
          columns: [
            { head: message("document.check.fault"), align: "left", width: 3 },
            { head: message("document.column.count"), align: "right", width: null },
            { head: message("document.column.items"), align: "left", width: 8 },
          ],
          rows,
        },
  ];
  return { ...base, blocks };
}

function copiesOf(items: readonly ReportItem[]): ReportItem[][] {
  const byHash = Map.groupBy(items, ({ sha256, frame }) => sha256 && `${sha256}/${frame ?? ""}`);
  return [...byHash].filter(([key, own]) => key !== null && own.length > 1).map(([, own]) => own);
}

function groupsOf(items: readonly ReportItem[]): ReportItem[][] {
  const byGroup = Map.groupBy(items, ({ group }) => group);
  return [...byGroup].filter(([group]) => group !== null).map(([, own]) => own);
}

function haveSeveralLabels(items: readonly ReportItem[]): boolean {
  return new Set(items.flatMap(({ label }) => label ?? [])).size > 1;
}

function haveSeveralSplits(items: readonly ReportItem[]): boolean {
  return new Set(items.flatMap(({ split }) => split ?? [])).size > 1;
}
