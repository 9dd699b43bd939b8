import { describe, expect, it } from "vitest";
import { actionName, entryWords } from "./record-words.ts";

const words = (action: string, object: string, before: unknown, after: unknown) => {
  const names: Readonly<Record<string, string>> = { "reader/r1": "A. Meyer" };
  return entryWords(
    { action, object, before, after },
    (kind, id) => names[`${kind}/${id}`] ?? null,
  );
};

describe("an entry of the record in words", () => {
  it("says a verdict with its reasons, before and after", () => {
    const cell = { verdict: "sound", reasons: [], run: "run-1", viewNo: 4 };
    const after = {
      items: [3],
      run: "run-1",
      verdict: "spurious",
      reasons: ["marker"],
      view: null,
    };
    expect(words("verdict.set", "item/3", { "verdict/3/r1": cell }, after)).toEqual({
      what: "Verdict",
      object: "Item 3",
      before: "Sound",
      after: "Spurious, Marker, text, number",
    });
    expect(words("verdict.set", "items/214", {}, after).object).toBe("214 items");
  });

  it("says what an undo brought back", () => {
    const reversal = { "fault/3/r1": "wrong-label", "comment/3/r1": null };
    expect(words("undo", "record/41", { "fault/3/r1": "other" }, reversal)).toMatchObject({
      what: "Undone",
      object: "Entry 41",
      before: "Other fault",
      after: "Wrong label",
    });
  });

  it("names people, texts, signers and signatures", () => {
    const joined = { name: "A. Meyer", initials: "AM", role: "lead", publicKey: "ab" };
    expect(words("reader.add", "reader/r1", null, joined)).toMatchObject({
      object: "A. Meyer",
      after: "lead",
    });
    const text = { field: "purpose", text: "  Does it look\nat the lung? " };
    expect(words("report.text", "text/purpose", {}, text)).toMatchObject({
      object: "Text: What is audited",
      after: "Does it look at the lung?",
    });
    const signers = [{ readerId: "r1", name: "A. Meyer", role: "lead", meaning: "authored" }];
    expect(words("revision.lock", "revision/1", null, { signers }).after).toBe(
      "A. Meyer, authored",
    );
    const signature = { signed: { name: "B. Kone", meaning: "reviewed" } };
    expect(words("revision.sign", "revision/1", null, { file: "1.json", signature })).toMatchObject(
      {
        what: "Signed",
        object: "Revision 1",
        after: "B. Kone, reviewed",
      },
    );
    expect(words("report.build", "report", null, { builtAt: "", files: [1, 2] }).after).toBe(
      "2 files",
    );
  });

  it("shows the kind of a region, not its thousand numbers", () => {
    const region = {
      region: "x",
      item: 3,
      regionKind: "shortcut",
      shape: { kind: "rect" },
      note: "",
    };
    expect(words("region.add", "region/x", {}, region).after).toBe("Shortcut region");
  });

  it("leaves what a later Hansight wrote as it is, and never tells a key or an id", () => {
    expect(actionName("hologram.turn")).toBe("hologram.turn");
    const after = { id: "5f0c", publicKey: "ab", turns: 3 };
    expect(words("hologram.turn", "hologram/7", null, after)).toEqual({
      what: "hologram.turn",
      object: "hologram/7",
      before: "",
      after: "turns 3",
    });
  });
});
