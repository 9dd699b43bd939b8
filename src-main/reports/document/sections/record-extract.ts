import { actionName, entryWords } from "../../../../shared/messages/record-words.ts";
import { message } from "../../../../shared/messages/catalogue.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section } from "../document.ts";
import { breakable, cutShort, hash } from "../names.ts";
import { dateOf, whole } from "../numbers.ts";

/** Turning points printed one by one; record.csv holds every entry. */
const entriesShown = 60;
const isTurningPoint =
  /^(audit|model|run\.(create|finish)|sheet|plan|reader|finding\.(create|state)|meeting\.start|check|identity|revision|report\.build)/;

/** D: how often each kind of thing was done, and the turning points with their hashes. */
export function recordSection({ data, nameOf }: DocumentContext): Section {
  const { record, audit } = data;
  const base = { id: "D", title: message("document.record.title"), flow: "on" } as const;
  if (record.length === 0)
    return { ...base, blocks: [{ kind: "paragraph", text: message("document.record.none") }] };
  const people = new Map<string, string>(audit.readers.map(({ id, name }) => [id, name]));
  const personOf = (id: string | null) =>
    id === null ? message("record.byAudit") : (people.get(id) ?? id);
  const counts = [...Map.groupBy(record, ({ action }) => action)].toSorted(
    (a, b) => b[1].length - a[1].length,
  );
  const points = record.filter(({ action }) => isTurningPoint.test(action));
  const shown = points.slice(-entriesShown);
  const blocks: Block[] = [
    {
      kind: "paragraph",
      text: message("document.record.intro", {
        n: whole(record.length),
        from: dateOf(record[0].at),
        to: dateOf(record[record.length - 1].at),
      }),
    },
    {
      kind: "facts",
      rows: [
        [message("document.record.first"), hash(record[0].hash)],
        [message("document.record.last"), hash(data.recordHash)],
      ],
    },
    { kind: "heading", text: message("document.record.counts") },
    {
      kind: "table",
      columns: [
        { head: message("revision.document.what"), align: "left", width: 6 },
        { head: message("document.record.entries"), align: "right", width: null },
        { head: message("document.record.people"), align: "left", width: 6 },
      ],
      rows: counts.map(([action, own]) => [
        actionName(action),
        whole(own.length),
        [...new Set(own.map(({ readerId }) => breakable(personOf(readerId))))].join(", "),
      ]),
    },
    { kind: "heading", text: message("document.record.points") },
    {
      kind: "table",
      columns: [
        { head: message("revision.document.entry"), align: "right", width: null },
        { head: message("revision.document.when"), align: "left", width: 4 },
        { head: message("revision.document.who"), align: "left", width: 3 },
        { head: message("revision.document.what"), align: "left", width: 3 },
        { head: message("document.record.after"), align: "left", width: 6 },
      ],
      rows: shown.map((entry) => {
        const words = entryWords(entry, (kind, id) =>
          kind === "reader" ? (people.get(id) ?? null) : nameOf(Number(id)),
        );
        return [
          whole(entry.no),
          dateOf(entry.at),
          breakable(personOf(entry.readerId)),
          words.what,
          breakable(cutShort(words.after, 160)),
        ];
      }),
    },
  ];
  if (points.length > shown.length)
    blocks.push({
      kind: "note",
      text: message("document.record.more", { n: whole(points.length - shown.length) }),
    });
  return { ...base, blocks };
}
