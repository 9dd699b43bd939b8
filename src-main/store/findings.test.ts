import { describe, expect, it } from "vitest";
import type { FindingId, ItemNo, MeetingId, ReaderId, RunId } from "../../shared/domain/ids.ts";
import type { CommandBody } from "../../shared/domain/command.ts";
import { ann, ben, command, sampleAudit } from "../../test/support/sample-audit.ts";
import type { AuditStore } from "./audit-store.ts";

const marker = "marker" as FindingId;
const board = "board" as MeetingId;

const as = (readerId: ReaderId, body: CommandBody) => command(body, { readerId });

function bitsOf(store: AuditStore, id: string): ItemNo[] {
  const column = store.column(null, id);
  if (!column) return [];
  return Array.from({ length: column.length }, (_, no) => no).filter(
    (no) => (column.bytes[no >> 3] & (1 << (no & 7))) !== 0,
  );
}

describe("a finding", () => {
  it("holds its words, its items and its comments, each an entry of the record", () => {
    const { store } = sampleAudit();
    store.apply(
      as(ann, {
        kind: "finding.create",
        finding: marker,
        fields: { title: "Marker read as nodule", shortcut: "marker", classes: ["nodule"] },
        items: [4, 2],
      }),
    );
    store.apply(
      as(ben, {
        kind: "finding.change",
        finding: marker,
        changes: { severity: "critical", recommendations: ["crop-or-mask", "retrain"] },
      }),
    );
    store.apply(as(ben, { kind: "finding.addItems", finding: marker, items: [7] }));
    store.apply(as(ben, { kind: "finding.comment", finding: marker, text: "On both sites" }));
    store.apply(as(ann, { kind: "finding.state", finding: marker, state: "accepted" }));
    expect(store.finding(marker)).toMatchObject({
      title: "Marker read as nodule",
      shortcut: "marker",
      classes: ["nodule"],
      severity: "critical",
      recommendations: ["crop-or-mask", "retrain"],
      items: [2, 4, 7],
      plate: [2, 4, 7],
      state: "accepted",
      readerId: ann,
      comments: [{ readerId: ben, text: "On both sites" }],
    });
    expect(bitsOf(store, `finding:${marker}`)).toEqual([2, 4, 7]);
    expect(store.findingsOf(4)).toEqual([marker]);
    expect([...store.record(1, 1000)].map(({ action }) => action).slice(-5)).toEqual([
      "finding.create",
      "finding.change",
      "finding.addItems",
      "finding.comment",
      "finding.state",
    ]);
  });

  it("shows only the chosen items of its plate that still belong to it, in their order", () => {
    const { store } = sampleAudit();
    const fields = { plate: [3, 1] };
    store.apply(as(ann, { kind: "finding.create", finding: marker, fields, items: [1, 2, 3] }));
    expect(store.finding(marker).plate).toEqual([3, 1]);
    store.apply(as(ann, { kind: "finding.removeItems", finding: marker, items: [3] }));
    expect(store.finding(marker).plate).toEqual([1]);
    store.apply(as(ann, { kind: "finding.removeItems", finding: marker, items: [1] }));
    expect(store.finding(marker).plate).toEqual([2]);
  });

  it("undone by one reader keeps what another did since", () => {
    const { store } = sampleAudit();
    const fields = { title: "First" };
    const made = { kind: "finding.create", finding: marker, fields, items: [1] } as const;
    store.apply(as(ann, made));
    const added = store.apply(
      as(ann, { kind: "finding.addItems", finding: marker, items: [2, 3] }),
    );
    store.apply(as(ben, { kind: "finding.change", finding: marker, changes: { title: "Second" } }));
    store.apply(as(ann, { kind: "undo", recordNo: added.recordNo }));
    expect(store.finding(marker)).toMatchObject({ title: "Second", items: [1] });
    store.apply(as(ann, { kind: "redo", recordNo: added.recordNo }));
    expect(store.finding(marker)).toMatchObject({ title: "Second", items: [1, 2, 3] });
  });

  it("whose making is undone and done again has every later change", () => {
    const { store } = sampleAudit();
    const fields = { title: "Marker" };
    const { recordNo } = store.apply(
      as(ann, { kind: "finding.create", finding: marker, fields, items: [1] }),
    );
    const changes = { harm: "Rare", owner: ben };
    store.apply(as(ben, { kind: "finding.change", finding: marker, changes }));
    store.apply(as(ben, { kind: "finding.state", finding: marker, state: "disputed" }));
    store.apply(as(ben, { kind: "finding.addItems", finding: marker, items: [5] }));
    const before = store.finding(marker);
    store.apply(as(ann, { kind: "undo", recordNo }));
    expect(store.findings()).toEqual([]);
    expect(store.columns().some(({ id }) => id === `finding:${marker}`)).toBe(false);
    expect(() =>
      store.apply(as(ben, { kind: "finding.comment", finding: marker, text: "?" })),
    ).toThrow(expect.objectContaining({ code: "finding/unknown" }) as Error);
    store.apply(as(ann, { kind: "redo", recordNo }));
    expect(store.finding(marker)).toEqual(before);
  });

  it("cannot be accepted without an item or a region test, nor lose its last one once accepted", () => {
    const { store } = sampleAudit();
    const fields = { title: "Hunch" };
    store.apply(as(ann, { kind: "finding.create", finding: marker, fields, items: [] }));
    const accept = { kind: "finding.state", finding: marker, state: "accepted" } as const;
    expect(() => store.apply(as(ann, accept))).toThrow(
      expect.objectContaining({
        code: "finding/no-evidence",
        details: { title: "Hunch" },
      }) as Error,
    );
    store.apply(
      as(ann, { kind: "finding.change", finding: marker, changes: { tests: ["test-1"] } }),
    );
    store.apply(as(ann, accept));
    expect(() =>
      store.apply(as(ann, { kind: "finding.change", finding: marker, changes: { tests: [] } })),
    ).toThrow(expect.objectContaining({ code: "finding/accepted" }) as Error);
    expect(store.finding(marker)).toMatchObject({ state: "accepted", tests: ["test-1"] });
  });

  it("knows which of its items nobody calls Spurious any more", () => {
    const { store } = sampleAudit();
    const judge = (item: ItemNo, verdict: "spurious" | "sound", reader = ann) =>
      store.apply(
        as(reader, {
          kind: "verdict.set",
          items: [item],
          run: null,
          verdict,
          reasons: [],
          view: null,
        }),
      );
    judge(1, "spurious");
    judge(2, "spurious");
    judge(3, "spurious", ben);
    judge(5, "spurious"); // slipped, and taken back before the item came in
    const slip = judge(6, "spurious");
    store.apply(as(ann, { kind: "undo", recordNo: slip.recordNo }));
    const fourth = judge(4, "spurious");
    const items = [0, 1, 2, 3, 4, 6];
    store.apply(as(ann, { kind: "finding.create", finding: marker, fields: {}, items }));
    expect(store.noLongerSpurious(marker)).toEqual([]);
    judge(1, "sound");
    judge(3, "sound", ann); // the other reader still says Spurious
    judge(0, "sound"); // never was
    store.apply(as(ann, { kind: "undo", recordNo: fourth.recordNo }));
    expect(store.noLongerSpurious(marker)).toEqual([1, 4]);
  });

  it("is found by the words of its title, and its items with it", () => {
    const { store } = sampleAudit();
    const fields = { title: "Side marker 100%", statement: "The score follows it" };
    store.apply(as(ann, { kind: "finding.create", finding: marker, fields, items: [3, 8] }));
    expect(store.find("MARKER 100%")).toEqual([3, 8]);
    expect(store.find("follows")).toEqual([3, 8]);
  });
});

describe("a meeting", () => {
  const verdictOf = (dissent: number, item = 3) =>
    ({
      kind: "meeting.verdict",
      meeting: board,
      item,
      run: "run-1" as RunId,
      verdict: "spurious",
      reasons: ["marker"],
      dissent,
      note: "Letter in the corner",
    }) as const;

  it("gives a reading of its own and leaves the readers' verdicts alone", () => {
    const { store } = sampleAudit();
    store.apply(
      as(ben, {
        kind: "verdict.set",
        items: [3],
        run: null,
        verdict: "sound",
        reasons: [],
        view: null,
      }),
    );
    const said = store.judgements(3);
    store.apply(
      as(ann, { kind: "meeting.start", meeting: board, present: ["Ann", "Ben", "Dr C"] }),
    );
    store.apply(as(ann, verdictOf(1)));
    expect(store.judgements(3)).toEqual(said);
    expect(store.meetings()).toMatchObject([
      { id: board, present: ["Ann", "Ben", "Dr C"], presenter: ann },
    ]);
    expect(store.consensus(3)).toMatchObject([
      { item: 3, meeting: board, verdict: "spurious", dissent: 1, note: "Letter in the corner" },
    ]);
    const column = store.column(null, "consensus");
    expect(column?.bytes[3]).toBe(column?.dictionary.indexOf("spurious"));
    expect(column?.bytes[4]).toBe(255);
  });

  it("can take a verdict back, and undo that", () => {
    const { store } = sampleAudit();
    store.apply(as(ann, { kind: "meeting.start", meeting: board, present: ["Ann"] }));
    store.apply(as(ann, verdictOf(0)));
    const cleared = store.apply(as(ann, { kind: "meeting.clear", meeting: board, item: 3 }));
    expect(store.consensus()).toEqual([]);
    store.apply(as(ann, { kind: "undo", recordNo: cleared.recordNo }));
    expect(store.consensus()).toMatchObject([{ item: 3, verdict: "spurious" }]);
  });

  it("refuses a verdict before it was begun, and one that nobody would carry", () => {
    const { store } = sampleAudit();
    expect(() => store.apply(as(ann, verdictOf(0)))).toThrow(
      expect.objectContaining({ code: "meeting/unknown" }) as Error,
    );
    store.apply(as(ann, { kind: "meeting.start", meeting: board, present: ["Ann", "Ben"] }));
    expect(() => store.apply(as(ann, verdictOf(2)))).toThrow(
      expect.objectContaining({
        code: "meeting/dissent",
        details: { dissent: 2, present: 2 },
      }) as Error,
    );
  });
});

it("findings and meetings made anew from the record alone are the same", () => {
  const { store } = sampleAudit();
  const fields = { title: "Marker", classes: ["nodule"] };
  store.apply(as(ann, { kind: "finding.create", finding: marker, fields, items: [1, 2] }));
  store.apply(as(ben, { kind: "finding.comment", finding: marker, text: "Seen" }));
  const added = store.apply(as(ben, { kind: "finding.addItems", finding: marker, items: [9] }));
  store.apply(as(ben, { kind: "undo", recordNo: added.recordNo }));
  store.apply(as(ann, { kind: "finding.removeItems", finding: marker, items: [2] }));
  store.apply(as(ann, { kind: "meeting.start", meeting: board, present: ["Ann", "Ben"] }));
  store.apply(
    as(ann, {
      kind: "meeting.verdict",
      meeting: board,
      item: 1,
      run: null,
      verdict: "mixed",
      reasons: [],
      dissent: 0,
      note: "",
    }),
  );
  const before = [store.findings(), store.meetings(), store.consensus()];
  expect(before[0]).toMatchObject([{ items: [1] }]);
  store.rebuildState();
  expect([store.findings(), store.meetings(), store.consensus()]).toEqual(before);
});
