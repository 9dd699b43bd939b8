import { describe, expect, it } from "vitest";
import {
  randomQueue,
  sampleAuditFacts,
  sampleReport,
  sampleRun,
} from "../../test/support/sample-report.ts";
import { emptyFinding } from "../../shared/domain/finding.ts";
import type { FindingId } from "../../shared/domain/ids.ts";
import { agreement } from "../../shared/statistics/agreement.ts";
import type { Run } from "../../shared/contract/audits.ts";
import { outlineOf, type LastBuild, type ReportFacts } from "./outline.ts";

const built: LastBuild = {
  builtAt: "2026-03-03T14:00:00.000Z",
  recordNo: 2,
  pages: 12,
  sections: [
    { id: "1", title: "Summary", page: 2 },
    { id: "8", title: "Results", page: 6 },
  ],
  files: [{ name: "report.pdf", bytes: 5, sha256: "ab" }],
};
const facts = { ...sampleAuditFacts, runs: [{ ...sampleRun, sheet: "passed" as const }] };
const texts = { ...facts.texts, purpose: "Release" };
const known: ReportFacts = {
  rates: sampleReport().rates,
  secondPlanned: null,
  findings: [],
  unmasked: [],
  changedModels: [],
};
const codes = (notices: readonly { code: string }[]) => notices.map(({ code }) => code);

describe("the outline", () => {
  it("lists what a build will hold before there is one", () => {
    const outline = outlineOf(facts, null, known);
    expect(outline.sections.map(({ id }) => id)).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
      "9",
      "10",
      "11",
      "12",
      "13",
      "A",
      "B",
      "C",
      "D",
      "E",
      "F",
    ]);
    expect(outline.sections.every(({ page }) => page === null)).toBe(true);
    expect(outline).toMatchObject({ pages: 0, files: [], builtAt: null });
  });

  it("gives the pages of the last build", () => {
    const { sections, pages, builtAt } = outlineOf(facts, built, known);
    expect(sections.find(({ id }) => id === "0")?.page).toBe(1);
    expect(sections.find(({ id }) => id === "8")?.page).toBe(6);
    expect(sections.find(({ id }) => id === "F")?.page).toBe(null);
    expect([pages, builtAt]).toEqual([12, built.builtAt]);
  });

  it("is blocked without a purpose, without images and without a run", () => {
    expect(codes(outlineOf(facts, null, known).blockers)).toEqual(["no-purpose"]);
    expect(codes(outlineOf({ ...facts, texts, runs: [] }, null, known).blockers)).toEqual([
      "no-run",
    ]);
    expect(codes(outlineOf({ ...facts, texts, items: 0 }, null, known).blockers)).toEqual([
      "no-items",
    ]);
  });

  it("is blocked by a finding without evidence, an unfinished plan without a reason, and identity on a plate", () => {
    const finding = {
      ...emptyFinding,
      id: "f" as FindingId,
      title: "Marker",
      items: [],
      state: "open" as const,
      comments: [],
      readerId: null,
      recordNo: 3,
    };
    const blockersWith = (changes: Partial<ReportFacts>, early = "") =>
      outlineOf({ ...facts, texts: { ...texts, "early-report": early } }, null, {
        ...known,
        ...changes,
      }).blockers;
    expect(blockersWith({ findings: [finding] })[0].words).toContain("“Marker” has no evidence");
    expect(blockersWith({ findings: [{ ...finding, items: [1] }] })).toEqual([]);
    const rates = { ...known.rates, plan: 1, read: 1 };
    expect(blockersWith({ rates })[0].words).toContain("not finished (1 of 4 read)");
    expect(blockersWith({ rates }, "The board meets on Friday")).toEqual([]);
    expect(blockersWith({ unmasked: ["a.png"] })[0].words).toContain("a.png");
  });

  it("warns of too few second readings, weak agreement and a changed model, and counts findings", () => {
    const queues = [{ ...randomQueue, read: 4 }];
    const ratings = [
      [0, 1],
      [1, 0],
      [0, 0],
      [1, 1],
    ];
    const rates = { ...known.rates, agreement: agreement(ratings, { categories: 5, seed: 1 }) };
    const { warnings } = outlineOf({ ...facts, queues }, null, {
      ...known,
      rates,
      secondPlanned: 50,
      changedModels: ["chest.onnx"],
    });
    expect(codes(warnings)).toEqual(["second-under", "weak-agreement", "model-changed"]);
    expect(warnings[0].words).toContain("4 of 50 planned");
    expect(warnings[1].words).toContain("Cohen κ 0.00");
  });

  it("warns of a run whose reliability sheet did not pass", () => {
    const warningsOf = (sheet: Run["sheet"]) =>
      codes(outlineOf({ ...facts, runs: [{ ...sampleRun, sheet }] }, null, known).warnings);
    expect(warningsOf("passed").filter((code) => code.startsWith("sheet"))).toEqual([]);
    for (const state of ["failed", "undefined", "not-made"] as const)
      expect(warningsOf(state)).toContain(`sheet-${state}`);
  });

  it("warns of a sample that is not read to its end", () => {
    const words = (read: number) =>
      outlineOf({ ...facts, queues: [{ ...randomQueue, read }] }, null, known).warnings;
    expect(words(0)[0].words).toContain("Random sample not read: 0 of 4");
    expect(words(3)[0].words).toContain("Random sample: 3 of 4 read");
    expect(words(4)).toEqual([]);
  });

  it("warns of what the last build does not hold", () => {
    const queues = [{ ...randomQueue, read: 4 }];
    const warnings = (recordNo: number, endedAt = sampleRun.endedAt) =>
      codes(
        outlineOf(
          { ...facts, queues, recordNo, runs: [{ ...facts.runs[0], endedAt }] },
          built,
          known,
        ).warnings,
      );
    expect(warnings(3)).toEqual([]); // entry 3 is the build
    expect(warnings(5)).toEqual(["changed"]);
    expect(warnings(9, "2026-03-03T15:00:00.000Z")).toEqual(["run-newer"]);
  });

  it("warns of failed images, unreadable ones, unproven preparation and missing evidence", () => {
    const audit = {
      ...facts,
      queues: [],
      unreadable: 2,
      hasEvidence: false,
      runs: [{ ...facts.runs[0], failed: 1 }],
      models: facts.models.map((model) => ({ ...model, isProven: false })),
    };
    const { warnings, sections } = outlineOf(audit, null, known);
    expect(codes(warnings)).toEqual(["unproven", "failed-items", "unreadable", "no-evidence"]);
    expect(warnings[1].words).toBe("Run 1: 1 image failed and has no map");
    expect(sections.find(({ id }) => id === "5")?.isComplete).toBe(false);
  });
});
