import { describe, expect, it } from "vitest";
import {
  judgement,
  randomQueue,
  sampleAuditFacts,
  samplePlate,
  sampleReport,
  sampleRun,
} from "../../../test/support/sample-report.ts";
import { sampleSheet } from "../../../test/support/sample-sheet.ts";
import type { ReliabilitySheet } from "../../../shared/domain/sheet.ts";
import { contentOf } from "../content.ts";
import type { ReportData } from "../report-data.ts";
import { documentOf } from "./document-of.ts";

const documentWith = (changes: Partial<ReportData> = {}) => {
  const data = sampleReport(changes);
  return documentOf(data, contentOf([], data));
};
const plain = (value: unknown) => JSON.stringify(value).replaceAll("\u202f", " ");

/** 148 items of which the random sample holds all: 26 right and Spurious, 83 right and Sound, the others apart. */
function sampled(): Partial<ReportData> {
  const base = sampleReport().items[0];
  const items = Array.from({ length: 148 }, (_, no) => {
    const verdict = no < 26 ? "spurious" : no < 109 ? "sound" : no < 120 ? "mixed" : "unclear";
    const quadrant = no < 26 ? "right-off" : no < 109 ? "right-on" : "unjudged";
    return {
      ...base,
      no,
      path: `${no}.png`,
      quadrant,
      label: no < 20 ? "nodule" : "clear",
      judgements: [judgement(no, { verdict, reasons: no < 26 ? ["marker"] : [] })],
    } as const;
  });
  const queues = [{ ...randomQueue, items: items.map(({ no }) => no) }];
  return { items, plates: [], audit: { ...sampleAuditFacts, queues } };
}

describe("the document", () => {
  it("has every section and annex, numbered as the report's order has them, of an empty audit too", () => {
    const every = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];
    every.push("A", "B", "C", "D", "E", "F");
    expect(documentWith().sections.map(({ id }) => id)).toEqual(every);
    const none = { run: null, summary: null, plates: [], items: [] };
    const audit = { ...sampleAuditFacts, runs: [], queues: [], models: [] };
    const { sections } = documentWith({ ...none, audit });
    expect(sections.map(({ id }) => id)).toEqual(every);
    for (const { id, blocks } of sections) expect(blocks.length, id).toBeGreaterThan(0);
  });

  it("gives counts and no rate before the random sample is read", () => {
    const { cover, sections } = documentWith();
    expect(cover.headline).toMatchObject({ figure: "1", unit: "", plot: null });
    expect(cover.headline.note).toBe("No rate: random sample not read yet (0 of 4).");
    expect(plain(sections)).toContain("No rates: random sample not read yet (0 of 4).");
  });

  it("gives the rate of the random sample once it is read", () => {
    const { cover, sections } = documentWith(sampled());
    expect(cover.headline).toMatchObject({
      figure: "17.6",
      unit: "%",
      lines: ["26 of 148 sampled images"],
    });
    expect(cover.headline.note).toBe("95\u202f% interval 12.3–24.5\u202f%, Wilson");
    expect(cover.headline.plot).toMatchObject({ at: 26 / 148, scale: { max: 0.4 } });
    expect(cover.bar?.parts.map(({ count }) => count)).toEqual([83, 26, 0, 0, 39]);
    expect(cover.result.paragraphs.join(" ")).toContain(
      "Most of them, 20 of 26, are given as nodule.",
    );
    const results = plain(sections.find(({ id }) => id === "8"));
    expect(results).toContain('"26 of 148"');
    expect(results).toContain('"20 of 20"'); // nodules judged Spurious
    expect(results).toContain('"6 of 128"');
  });

  it("counts neither the suspects that were read, nor verdicts on another run's maps", () => {
    const items = sampleReport().items.map((item) => ({
      ...item,
      judgements:
        item.no === 1
          ? [judgement(1)]
          : item.no === 0
            ? [judgement(0, { run: "another run" as typeof sampleRun.id })]
            : [],
    }));
    const queues = [{ ...randomQueue, items: [0, 2] }];
    const { cover } = documentWith({ items, audit: { ...sampleAuditFacts, queues } });
    expect(cover.headline.note).toBe("No rate: random sample not read yet (0 of 2).");
    expect(cover.headline.lines).toEqual([
      "of 4 images: 1 judged, 0 predicted by the metrics and not judged",
    ]);
  });

  it("says what was left out of the scope, and what was not tested", () => {
    const { sections } = documentWith();
    const scope = plain(sections.find(({ id }) => id === "2"));
    expect(scope.match(/not stated/g)).toHaveLength(5);
    const limits = plain(sections.find(({ id }) => id === "11"));
    expect(limits).toContain(
      "Maps of 12 × 10 cells cannot locate structures smaller than one cell.",
    );
    expect(limits).toContain("It is not proof of reasoning.");
    expect(limits).toContain("whether the maps change with the model");
  });

  it("says on the cover, in the methods and in the results whether the maps follow the model", () => {
    const parts = ({ cover, sections }: ReturnType<typeof documentWith>) => ({
      cover: cover.result.paragraphs,
      fact: plain({ ...sections[0], blocks: [{ kind: "facts", rows: cover.facts }] }),
      text: Object.fromEntries(sections.map((section) => [section.id, plain(section)])),
    });
    const not = parts(documentWith());
    expect(not.cover.at(-1)).toMatch(/^Reliability sheet not made: /);
    expect(not.fact).toContain("not made");
    for (const id of ["6", "8"]) expect(not.text[id]).toContain("Reliability sheet not made");

    const sheetWith = (sheet: ReliabilitySheet) =>
      parts(documentWith({ sheets: [{ run: sampleRun.id, sheet }] }));
    const passed = sheetWith(sampleSheet());
    expect(passed.cover.at(-1)).toMatch(/^Reliability sheet passed: .*CAM.* 0\.13, .* 0\.25, 16 /);
    expect(passed.fact).toContain("passed");
    expect(passed.text["6"]).toContain("0.50 (0.50 to 0.50)");
    expect(passed.text["8"]).toContain("Reliability sheet passed");
    expect(passed.text["11"]).not.toContain("whether the maps change with the model");

    const failed = sheetWith(sampleSheet({ verdict: "failed", reasons: ["random-logit"] }));
    expect(failed.cover[0]).toMatch(/^Reliability sheet failed: another class gets the same map/);
    expect(failed.cover[1]).toContain("that is said of the map and not of the model");
    for (const id of ["1", "6", "8", "11"]) expect(failed.text[id]).toContain("sheet failed");

    const undef = sheetWith(sampleSheet({ verdict: "undefined", reasons: ["too-few-defined"] }));
    expect(undef.cover[0]).toMatch(/^Reliability sheet undefined, which counts as failed: /);
    expect(undef.fact).toContain("undefined, counts as failed");
  });

  it("says not for diagnostic use where the audit is medical, and only there", () => {
    expect(documentWith().meta.foot.notice).toBe("Not for diagnostic use");
    const audit = { ...sampleAuditFacts, medical: false };
    expect(documentWith({ audit }).meta.foot.notice).toBe("");
  });

  it("names a case by file, class, verdict and reason", () => {
    const items = sampleReport().items.map((item) =>
      item.no === 1 ? { ...item, judgements: [judgement(1, { comment: "on the  marker" })] } : item,
    );
    expect(plain(documentWith({ items }).sections.find(({ id }) => id === "9"))).toContain(
      "1.png, given nodule, predicted nodule, confidence 0.75. Spurious (A. Meyer): Marker, text, number. “on the marker” Right at 75 % confidence: strongest lower left.",
    );
  });

  it("has one legend for all plates, in raw units, with the kinds of region that are drawn", () => {
    const plates = [0, 1, 2, 3].map(samplePlate);
    const cases = documentWith({ plates }).sections.find(({ id }) => id === "9");
    const block = cases?.blocks.find(({ kind }) => kind === "plates");
    if (block?.kind !== "plates") throw new RangeError("there are plates");
    expect(block.plates.map(({ name }) => name)).toEqual(["Case 1", "Case 2", "Case 3", "Case 4"]);
    expect(block.legend).toMatchObject({ low: "0", high: "17.7 raw, run 99th percentile" });
    expect(block.legend?.colours[0]).toBe("#440154");
    expect(block.legend?.keys).toEqual([{ kind: "evidence", label: "evidence" }]);
  });

  it("uses paths where file names repeat", () => {
    const items = sampleReport().items.map((item) => ({ ...item, path: `ward ${item.no}/a.png` }));
    expect(plain(documentWith({ items }).sections[0])).toContain("ward 1/a.png");
  });
});
