import { describe, expect, it } from "vitest";
import {
  judgement,
  recordEntry,
  sampleAuditFacts,
  sampleReport,
} from "../../test/support/sample-report.ts";
import { withoutNames } from "./anonymise.ts";
import { csvWriter } from "./csv/writer.ts";
import { bundleOf } from "./json/bundle.ts";

const named = sampleReport({
  keepNames: false,
  audit: { ...sampleAuditFacts, notes: ["Evidence for 3.png is missing", "Read from labels.csv"] },
  record: [
    recordEntry(1, {
      readerId: null,
      action: "audit.create",
      after: { notes: ['"ward 1/1.png" is listed twice'], root: "/data/ward 2/2.png" },
    }),
  ],
});

describe("a report without names", () => {
  it("calls files by item number everywhere", () => {
    const data = withoutNames(named);
    expect(data.items.map(({ path }) => path)).toEqual(["Item 0", "Item 1", "Item 2", "Item 3"]);
    expect(data.audit.notes).toEqual(["Evidence for Item 3 is missing", "Read from labels.csv"]);
    expect(data.summary?.suspects[0].path).toBe("Item 1");
    const text = new TextDecoder();
    for (const { bytes } of csvWriter.write(data))
      expect(text.decode(bytes)).not.toMatch(/\d\.png|ward/);
    expect(text.decode(bundleOf(data))).not.toMatch(/\d\.png|ward/);
  });

  it("knows names of several words, in quotes and at the end of an absolute path", () => {
    const items = named.items.map((item) => ({ ...item, path: `a b/chest ${item.no} final.png` }));
    const notes = [
      "Not read: chest 2 final.png, and “a b/chest 3 final.png”",
      "/home/x/a b/chest 1 final.png (twice)",
      "chest 9 final.png is in no list",
    ];
    const audit = { ...sampleAuditFacts, notes };
    expect(withoutNames({ ...named, items, audit }).audit.notes).toEqual([
      "Not read: Item 2, and “Item 3”",
      "Item 1 (twice)",
      "chest 9 final.png is in no list",
    ]);
  });

  it("leaves what people wrote", () => {
    const items = named.items.map((item) =>
      item.no === 1 ? { ...item, judgements: [judgement(1, { comment: "as in 2.png" })] } : item,
    );
    const [, one] = withoutNames({ ...named, items }).items;
    expect(one.judgements[0].comment).toBe("as in 2.png");
  });

  it("is the data itself where names are kept", () => {
    const kept = sampleReport();
    expect(withoutNames(kept)).toBe(kept);
  });
});
