import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { breakable, muted, sentence } from "../names.ts";
import { rateOf, score } from "../numbers.ts";
import { quadrantsBlock } from "../quadrants.ts";
import { isUnreliable, reliabilityWords } from "../reliability.ts";
import { resultWords } from "../result-words.ts";

const suspectsShown = 10;

/** 1: the result in numbers, the quadrants and the highest suspects. */
export function summarySection(context: DocumentContext): Section {
  const { data, figures } = context;
  const written = data.audit.texts.summary.trim();
  // Where nobody has written a summary, the cover holds these words.
  const words = !data.run
    ? resultWords(context)
    : written
      ? [...written.split(/\n\s*\n/).map(breakable), ...resultWords(context)]
      : [];
  const blocks: Block[] = words.map((text) => ({ kind: "paragraph", text }));
  if (figures.accuracy.n > 0)
    blocks.push({
      kind: "facts",
      rows: [
        [
          message("document.summary.accuracy"),
          message("document.summary.accuracy.value", { rate: rateOf(figures.accuracy) }),
        ],
      ],
    });
  if (data.run)
    blocks.push(
      { kind: "heading", text: message("document.summary.quadrants") },
      quadrantsBlock(context),
      ...suspectBlocks(context),
    );
  return { id: "1", title: message("document.summary.title"), flow: "page", blocks };
}

function suspectBlocks({ data, nameOf }: DocumentContext): Block[] {
  const suspects = data.summary?.suspects.slice(0, suspectsShown) ?? [];
  const order = data.summary?.order ?? "suspicion";
  const heading: Block = {
    kind: "heading",
    text: message(
      order === "attention" ? "document.summary.attention" : "document.summary.suspects",
    ),
  };
  if (suspects.length === 0)
    return [heading, { kind: "paragraph", text: message("document.summary.no-suspects") }];
  return [
    heading,
    { kind: "note", text: message("document.limits.suspicion") },
    ...(isUnreliable(data) ? [{ kind: "note", text: reliabilityWords(data) } as const] : []),
    {
      kind: "table",
      columns: [
        { head: message("document.column.item-given"), align: "left", width: 2.4 },
        {
          head: message(order === "attention" ? "metric.attention" : "document.column.suspicion"),
          align: "right",
          width: null,
        },
        { head: message("document.column.why"), align: "left", width: 11 },
      ],
      rows: suspects.map(({ item, label, score: value, why }) => [
        [nameOf(item), muted(breakable(label))],
        score(value),
        sentence(why),
      ]),
    },
  ];
}
