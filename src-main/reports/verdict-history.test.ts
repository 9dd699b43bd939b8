import { describe, expect, it } from "vitest";
import { meyer, recordEntry } from "../../test/support/sample-report.ts";
import type { RecordEntry } from "../../shared/domain/command.ts";
import { verdictHistory } from "./verdict-history.ts";

const set = (no: number, items: number[], verdict: string, reasons: string[] = []): RecordEntry =>
  recordEntry(no, { after: { items, run: null, verdict, reasons, view: null } });

const lines = (record: RecordEntry[]) =>
  verdictHistory(record).map(
    ({ recordNo, item, verdict, supersededBy }) =>
      `${recordNo} item ${item} ${verdict} until ${supersededBy}`,
  );

describe("the history of verdicts", () => {
  it("keeps what was superseded, reader by reader", () => {
    const other = { ...set(3, [5], "sound"), readerId: "reader-2" as typeof meyer };
    expect(lines([set(1, [5], "mixed"), set(2, [5], "spurious"), other])).toEqual([
      "1 item 5 mixed until 2",
      "2 item 5 spurious until null",
      "3 item 5 sound until null",
    ]);
  });

  it("gives a verdict on several items a row each", () => {
    const history = verdictHistory([set(1, [5, 6], "sound"), set(2, [6], "mixed")]);
    expect(history.map(({ id, isPropagated }) => [id, isPropagated])).toEqual([
      ["1-5", true],
      ["1-6", true],
      ["2-6", false],
    ]);
    expect(history[1].supersededBy).toBe(2);
  });

  it("ends with a withdrawal, and comes back with its undo", () => {
    const clear = recordEntry(2, { action: "verdict.clear", after: { items: [5] } });
    const value = { verdict: "mixed", reasons: ["border"], run: null, viewNo: null };
    const undo = recordEntry(3, {
      action: "undo",
      object: "record/2",
      after: { [`verdict/5/${meyer}`]: value },
    });
    expect(lines([set(1, [5], "mixed", ["border"]), clear])).toEqual(["1 item 5 mixed until 2"]);
    const again = verdictHistory([set(1, [5], "mixed", ["border"]), clear, undo]);
    expect(again[1]).toMatchObject({ recordNo: 3, item: 5, verdict: "mixed", reasons: ["border"] });
  });

  it("takes back what was undone", () => {
    const undo = recordEntry(2, {
      action: "undo",
      object: "record/1",
      after: { [`verdict/5/${meyer}`]: null },
    });
    expect(lines([set(1, [5], "sound"), undo])).toEqual(["1 item 5 sound until 2"]);
  });

  it("adds a row where only the reasons change", () => {
    const changed = recordEntry(2, {
      action: "reason.set",
      after: { item: 5, reasons: ["device"] },
    });
    const history = verdictHistory([set(1, [5], "spurious", ["marker"]), changed]);
    expect(history.map(({ reasons }) => reasons)).toEqual([["marker"], ["device"]]);
    expect(history[0].supersededBy).toBe(2);
  });

  it("keeps certainty and comment with the verdict they were given to", () => {
    const history = verdictHistory([
      set(1, [5], "mixed"),
      recordEntry(2, { action: "certainty.set", after: { item: 5, certainty: 1 } }),
      recordEntry(3, { action: "comment.set", after: { item: 5, text: "look again" } }),
      set(4, [5], "spurious"),
      recordEntry(5, { action: "certainty.set", after: { item: 5, certainty: 3 } }),
    ]);
    expect(history.map(({ certainty, comment }) => [certainty, comment])).toEqual([
      [1, "look again"],
      [3, "look again"],
    ]);
  });

  it("passes over entries that are no verdicts", () => {
    expect(
      lines([
        recordEntry(1, { action: "audit.create", readerId: null, after: { name: "x" } }),
        recordEntry(2, { action: "report.build", readerId: null, after: null }),
      ]),
    ).toEqual([]);
  });
});
