import { message } from "../../../../shared/messages/catalogue.ts";
import type { ReportRevision } from "../../report-revision.ts";
import type { DocumentContext } from "../context.ts";
import type { Block, Section, TableBlock } from "../document.ts";
import { breakable } from "../names.ts";
import { dateOf, whole } from "../numbers.ts";

/** Changes printed; the others are counted, and are in record.csv. */
const changesShown = 200;

/** 13: who is asked to sign, and what differs from the revision before. It holds no signature: they are made over it. */
export function signaturesSection({ data: { revision } }: DocumentContext): Section {
  const { no, isDraft, lockedAt, signers, since } = revision;
  const blocks: Block[] = isDraft
    ? [{ kind: "paragraph", text: message("revision.document.draft", { no }) }]
    : [
        {
          kind: "paragraph",
          text: message("revision.document.locked", { no, entry: whole(lockedAt ?? 0) }),
        },
        signersTable(signers),
        { kind: "note", text: message("revision.document.check") },
      ];
  if (since) blocks.push(...changeBlocks(since));
  return { id: "13", title: message("revision.document.title"), flow: "on", blocks };
}

function signersTable(signers: ReportRevision["signers"]): TableBlock {
  return {
    kind: "table",
    columns: [
      { head: message("revision.document.name"), align: "left", width: 5 },
      { head: message("revision.document.role"), align: "left", width: 3 },
      { head: message("revision.document.meaning"), align: "left", width: 3 },
    ],
    rows: signers.map(({ name, role, meaning }) => [breakable(name), role, meaning]),
  };
}

function changeBlocks(since: NonNullable<ReportRevision["since"]>): Block[] {
  const { revision: no, by, at, why, changes } = since;
  const reopened = { name: breakable(by), date: dateOf(at), why: breakable(why) };
  const more = changes.length - changesShown;
  return [
    { kind: "heading", text: message("revision.document.changes", { no }) },
    { kind: "paragraph", text: message("revision.document.reopened", reopened) },
    changes.length === 0
      ? { kind: "note", text: message("revision.document.no-changes") }
      : changesTable(changes.slice(0, changesShown)),
    ...(more > 0
      ? [{ kind: "note", text: message("revision.document.more", { n: more }) } as const]
      : []),
  ];
}

function changesTable(changes: NonNullable<ReportRevision["since"]>["changes"]): TableBlock {
  return {
    kind: "table",
    columns: [
      { head: message("revision.document.entry"), align: "right", width: null },
      { head: message("revision.document.when"), align: "left", width: 4 },
      { head: message("revision.document.who"), align: "left", width: 3 },
      { head: message("revision.document.what"), align: "left", width: 3 },
      { head: message("revision.document.object"), align: "left", width: 3 },
      { head: message("revision.document.before-after"), align: "left", width: 7 },
    ],
    rows: changes.map(({ recordNo, at, by, what, object, before, after }) => [
      whole(recordNo),
      dateOf(at),
      breakable(by),
      what,
      breakable(object),
      message("revision.document.arrow", {
        before: breakable(before) || message("record.value.none"),
        after: breakable(after) || message("record.value.none"),
      }),
    ]),
  };
}
