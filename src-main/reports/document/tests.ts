import { testFacts, type RegionTest } from "../../../shared/domain/region-test.ts";
import { message } from "../../../shared/messages/catalogue.ts";
import { signed, testDigits } from "../../../shared/messages/test-words.ts";
import type { DocumentContext } from "./context.ts";
import type { Block, Row, Scale } from "./document.ts";
import { breakable, muted } from "./names.ts";
import { whole } from "./numbers.ts";

const testsShown = 20;

/** The region tests of these ids: the score before and after, and what covering other places costs. */
export function testBlocks(context: DocumentContext, ids: readonly string[]): Block[] {
  const wanted = new Set(ids);
  const own = context.data.tests.filter(({ id }) => wanted.has(id));
  if (own.length === 0) return [];
  const fills = [...new Set(own.map(({ fill }) => message(`test.fill.${fill}`)))].join(", ");
  const more = own.length - testsShown;
  const note = message("document.tests.note", { fills });
  return [
    { kind: "heading", text: message("document.tests.title") },
    {
      kind: "table",
      columns: [
        { head: message("document.column.item-given"), align: "left", width: 3 },
        { head: message("document.tests.before"), align: "right", width: null },
        { head: message("document.tests.after"), align: "right", width: null },
        { head: "", align: "left", width: 4, scale: scoreScale },
        { head: message("document.tests.elsewhere"), align: "right", width: null },
        { head: message("document.tests.rank"), align: "right", width: null },
      ],
      rows: own.slice(0, testsShown).map((test) => rowOf(context, test)),
    },
    {
      kind: "note",
      text: more > 0 ? `${note} ${message("document.tests.more", { n: whole(more) })}` : note,
    },
  ];
}

function rowOf({ nameOf, itemOf }: DocumentContext, { item, result }: RegionTest): Row {
  const facts = testFacts(result);
  const digits = testDigits(result);
  const { scoreBefore, scoreAfter, controls } = result;
  const label = itemOf(item)?.label;
  return [
    label ? [nameOf(item), muted(breakable(label))] : nameOf(item),
    scoreBefore.toFixed(digits),
    scoreAfter.toFixed(digits),
    { before: scoreBefore, after: scoreAfter },
    facts.controlMean === null
      ? muted("–")
      : message("document.tests.elsewhere.value", {
          mean: signed(-facts.controlMean, digits),
          sd: (facts.controlSd ?? 0).toFixed(digits),
          n: controls.length,
        }),
    !facts.isAgreed
      ? muted(message("document.tests.disagree"))
      : facts.rank === null
        ? muted("–")
        : message("document.tests.rank.value", { rank: facts.rank, n: controls.length + 1 }),
  ];
}

/** Probabilities: 0 to 1. */
const scoreScale: Scale = {
  max: 1,
  ticks: [
    { at: 0, label: "0" },
    { at: 0.5, label: "0.5" },
    { at: 1, label: "1" },
  ],
};
