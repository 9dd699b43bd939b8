import type { Audit, Queue } from "../../../../shared/contract/audits.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Row, Section } from "../document.ts";
import { breakable, cutShort } from "../names.ts";
import { dateOf, hashOf, kOfN, whole } from "../numbers.ts";
import { planBlocks } from "../plan-words.ts";

/** 7: the plan, what was put before readers, how it was chosen, and how much of it was read by whom. */
export function readingSection(context: DocumentContext): Section {
  const { data } = context;
  const { audit, items } = data;
  const blocks: Block[] = [
    { kind: "paragraph", text: message("document.reading.intro") },
    ...planBlocks(data),
  ];
  blocks.push({ kind: "heading", text: message("document.reading.queues") });
  if (audit.queues.length === 0)
    blocks.push({ kind: "paragraph", text: message("document.reading.no-queues") });
  else
    blocks.push({
      kind: "table",
      columns: [
        { head: message("document.column.queue"), align: "left", width: 4 },
        { head: message("document.column.rule"), align: "left", width: 7 },
        { head: message("document.column.read"), align: "right", width: null },
      ],
      rows: audit.queues.map((queue) => [
        breakable(queue.name),
        ruleWords(queue, audit),
        kOfN({ k: data.readings[queue.id]?.length ?? 0, n: queue.items.length }),
      ]),
    });
  blocks.push({ kind: "heading", text: message("document.reading.readers") });
  const readers = audit.readers
    .map(({ id, name, role }) => ({
      name,
      role,
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
          { head: message("revision.document.role"), align: "left", width: 3 },
          { head: message("document.column.verdicts"), align: "right", width: 2 },
        ],
        rows: readers.map(({ name, role, n }) => [
          breakable(name),
          message(`people.role.${role}`),
          whole(n),
        ]),
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
  blocks.push(...meetingBlocks(context));
  return { id: "7", title: message("document.reading.title"), flow: "on", blocks };
}

const consensusShown = 40;

/** What meetings agreed on, beside the readers' verdicts; it joins no rate. */
function meetingBlocks({ data, nameOf }: DocumentContext): Block[] {
  const { meetings, consensus } = data;
  if (meetings.length === 0) return [];
  const more = consensus.length - consensusShown;
  return [
    { kind: "heading", text: message("document.reading.meetings") },
    {
      kind: "list",
      items: meetings.map(({ at, present }) =>
        message("document.reading.meeting", {
          date: dateOf(at),
          present: present.map(breakable).join(", "),
        }),
      ),
    },
    ...(consensus.length > 0
      ? [
          {
            kind: "table",
            columns: [
              { head: message("document.column.item"), align: "left", width: 3 },
              { head: message("document.column.verdict"), align: "left", width: 2 },
              { head: message("document.reading.dissent"), align: "right", width: null },
              { head: message("document.reading.said"), align: "left", width: 5 },
            ],
            rows: consensus
              .slice(0, consensusShown)
              .map(({ item, verdict, dissent, note }): Row => [
                nameOf(item),
                message(`verdict.${verdict}`),
                whole(dissent),
                breakable(cutShort(note, 240)),
              ]),
          } as const,
        ]
      : []),
    {
      kind: "note",
      text:
        more > 0
          ? `${message("document.reading.consensus")} ${message("document.agreement.more", { n: whole(more) })}`
          : message("document.reading.consensus"),
    },
  ];
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
