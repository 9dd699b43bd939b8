import { message } from "../../../../shared/messages/catalogue.ts";
import type { ReportItem } from "../../report-data.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { breakable, muted } from "../names.ts";
import { kOfN, score, whole } from "../numbers.ts";

const pairsShown = 12;
const wrongShown = 12;

/** 10: where the model is wrong, how sure it is there, where it looks, and which maps say nothing. */
export function failuresSection(context: DocumentContext): Section {
  const { data } = context;
  const base = { id: "10", title: message("document.failures.title"), flow: "on" } as const;
  if (!data.run)
    return { ...base, blocks: [{ kind: "paragraph", text: message("document.result.no-run") }] };
  const answered = data.items.filter(({ correct }) => correct !== null);
  const wrong = answered.filter(({ correct }) => correct === false);
  const blocks: Block[] = [];
  if (answered.length === 0)
    blocks.push({ kind: "paragraph", text: message("document.result.no-labels") });
  else if (wrong.length === 0)
    blocks.push({
      kind: "paragraph",
      text: message("document.failures.none", {
        n: answered.length,
        shown: whole(answered.length),
      }),
    });
  else blocks.push(...wrongBlocks(context, wrong, answered.length));
  blocks.push(
    { kind: "heading", text: message("document.failures.maps") },
    { kind: "list", items: mapWords(context) },
  );
  return { ...base, blocks };
}

function wrongBlocks(
  { figures: { judged, predicted }, nameOf }: DocumentContext,
  wrong: readonly ReportItem[],
  answered: number,
): Block[] {
  const pairs = Map.groupBy(wrong, ({ label, predicted: said }) => `${label}\n${said}`);
  const often = [...pairs.values()].toSorted((a, b) => b.length - a.length);
  const surest = wrong.toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  const of = (place: "wrong-on" | "wrong-off") => judged[place] + predicted[place];
  return [
    {
      kind: "paragraph",
      text: message("document.failures.intro", {
        fraction: kOfN({ k: wrong.length, n: answered }),
        on: whole(of("wrong-on")),
        off: whole(of("wrong-off")),
        rest: whole(wrong.length - of("wrong-on") - of("wrong-off")),
      }),
    },
    { kind: "heading", text: message("document.failures.pairs") },
    {
      kind: "table",
      columns: [
        { head: message("document.failures.given"), align: "left", width: 4 },
        { head: message("document.failures.predicted"), align: "left", width: 4 },
        { head: message("document.column.count"), align: "right", width: null },
        { head: message("document.failures.confidence"), align: "right", width: null },
      ],
      rows: often
        .slice(0, pairsShown)
        .map((own) => [
          breakable(own[0].label ?? ""),
          breakable(own[0].predicted ?? ""),
          whole(own.length),
          score(own.reduce((sum, one) => sum + (one.confidence ?? 0), 0) / own.length),
        ]),
    },
    { kind: "heading", text: message("document.failures.surest") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.item-given"), align: "left", width: 4 },
        { head: message("document.failures.predicted"), align: "left", width: 3 },
        { head: message("document.failures.confidence"), align: "right", width: null },
        { head: message("document.column.quadrant"), align: "left", width: 4 },
      ],
      rows: surest
        .slice(0, wrongShown)
        .map((one) => [
          [nameOf(one.no), muted(breakable(one.label ?? ""))],
          breakable(one.predicted ?? ""),
          score(one.confidence ?? 0),
          message(`document.quadrant.${one.quadrant === "unjudged" ? "unplaced" : one.quadrant}`),
        ]),
    },
  ];
}

function mapWords({ data, figures }: DocumentContext): string[] {
  const { items, run } = data;
  const unreliable = [...figures.verdictOf.values()].filter((one) => one.verdict === "unreliable");
  const flagged = items.filter(({ flags }) => flags.length > 0).length;
  return [
    message("document.failures.failed", { n: whole(run?.failed ?? 0) }),
    message("document.failures.flagged", { n: whole(flagged) }),
    message("document.failures.unreliable", { n: whole(unreliable.length) }),
  ];
}
