import type { Audit, Queue } from "../../../../shared/contract/audits.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { breakable } from "../names.ts";
import { hashOf, whole } from "../numbers.ts";

/** 7: what was put before readers, how it was chosen, and how much of it was read by whom. */
export function readingSection({ data, figures }: DocumentContext): Section | null {
  const { audit, items } = data;
  if (!data.run && audit.queues.length === 0) return null;
  const blocks: Block[] = [{ kind: "paragraph", text: message("document.reading.intro") }];
  blocks.push({ kind: "heading", text: message("document.reading.queues") });
  if (audit.queues.length === 0)
    blocks.push({ kind: "paragraph", text: message("document.reading.no-queues") });
  else
    blocks.push({
      kind: "table",
      columns: [
        { head: message("document.column.queue"), align: "left", width: 4 },
        { head: message("document.column.rule"), align: "left", width: 7 },
        { head: message("document.column.items"), align: "right", width: null },
        { head: message("document.column.read"), align: "right", width: null },
      ],
      rows: audit.queues.map((queue) => [
        breakable(queue.name),
        ruleWords(queue, audit),
        whole(queue.items.length),
        whole(queue.items.filter((no) => figures.verdictOf.has(no)).length),
      ]),
    });
  blocks.push({ kind: "heading", text: message("document.reading.readers") });
  const readers = audit.readers
    .map(({ id, name }) => ({
      name,
      n: items.filter(({ judgements }) =>
        judgements.some(({ readerId, verdict }) => readerId === id && verdict !== null),
      ).length,
    }))
    .filter(({ n }) => n > 0);
  if (readers.length === 0)
    blocks.push({ kind: "paragraph", text: message("document.reading.none") });
  else {
    const double = items.filter(
      ({ judgements }) => judgements.filter(({ verdict }) => verdict !== null).length > 1,
    ).length;
    blocks.push(
      {
        kind: "table",
        columns: [
          { head: message("document.column.reader"), align: "left", width: 6 },
          { head: message("document.column.verdicts"), align: "right", width: 2 },
        ],
        rows: readers.map(({ name, n }) => [breakable(name), whole(n)]),
      },
      {
        kind: "note",
        text:
          double > 0
            ? message("document.reading.double", { n: double, shown: whole(double) })
            : message("document.reading.single"),
      },
    );
  }
  return { id: "7", title: message("document.reading.title"), flow: "on", blocks };
}

function ruleWords({ rule }: Queue, { runs }: Audit): string {
  switch (rule.kind) {
    case "random":
      return message("document.reading.rule.random", {
        seed: rule.seed,
        hash: hashOf(rule.listSha256, 12),
      });
    case "second":
      return message("document.reading.rule.second", { hash: hashOf(rule.listSha256, 12) });
    case "adjudication":
      return message("document.reading.rule.adjudication");
    case "suspects": {
      const no = runs.find(({ id }) => id === rule.run)?.no ?? "–";
      return message("document.reading.rule.suspects", { run: no });
    }
    case "filter":
      return message("document.reading.rule.filter", { words: breakable(rule.words) });
  }
}
