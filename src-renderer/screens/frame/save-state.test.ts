import { describe, expect, it } from "vitest";
import type { Audit } from "../../../shared/contract/audits.ts";
import { saveStateOf } from "./save-state.ts";

const quiet = { waiting: 0, since: null, failure: null };
const failure = { code: "storage/full", details: { what: "x", folder: "y" } } as const;

describe("what the status bar says of saving", () => {
  it("says nothing of a write that takes under 2 s", () => {
    const audit = {
      audit: null,
      link: "live" as const,
      saving: { ...quiet, waiting: 3, since: 0 },
    };
    expect(saveStateOf(audit, 1_999)).toEqual({ kind: "saved" });
    expect(saveStateOf(audit, 2_000)).toEqual({ kind: "saving", waiting: 3 });
  });

  it("puts a failing write before everything else", () => {
    const audit = {
      audit: { isReadOnly: true } as Audit, // only this field is read
      link: "lost" as const,
      saving: { waiting: 3, since: 0, failure },
    };
    expect(saveStateOf(audit, 0)).toEqual({ kind: "failing", waiting: 3 });
    expect(saveStateOf({ ...audit, saving: quiet }, 0)).toEqual({ kind: "lost" });
    expect(saveStateOf({ ...audit, saving: quiet, link: "live" }, 0)).toEqual({
      kind: "read-only",
    });
  });
});
