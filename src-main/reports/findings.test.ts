import { describe, expect, it } from "vitest";
import { emptyFinding, type Finding } from "../../shared/domain/finding.ts";
import type { FindingNumbers } from "../../shared/domain/finding-numbers.ts";
import type { FindingId } from "../../shared/domain/ids.ts";
import { meyer, samplePlate, sampleReport } from "../../test/support/sample-report.ts";
import { buildReport } from "./build-report.ts";
import { contentOf } from "./content.ts";
import { csvWriter } from "./csv/writer.ts";
import { documentOf } from "./document/document-of.ts";
import type { ReportFinding } from "./report-data.ts";

const finding: Finding = {
  ...emptyFinding,
  id: "f1" as FindingId,
  title: '=Marker, "PORT"',
  statement: "The score follows the marker.",
  shortcut: "marker",
  classes: ["clear", "nodule"],
  severity: "critical",
  recommendations: ["crop-or-mask", "retrain"],
  advice: "Mask corner text.",
  items: [1, 3],
  plate: [3, 1],
  state: "accepted",
  comments: [],
  readerId: meyer,
  recordNo: 12,
};

const numbers: FindingNumbers = {
  found: 2,
  rate: {
    k: 2,
    n: 16,
    p: 0.125,
    interval: { low: 0.035, high: 0.36 },
    method: "wilson",
    patients: 16,
  },
  rateCause: null,
  accuracy: { all: { k: 2, n: 3 }, without: { k: 1, n: 2 }, within: { k: 1, n: 1 } },
  classes: [],
  sites: [{ name: "north", k: 2, of: 2 }],
  noLongerSpurious: [3],
};

const found: ReportFinding = { finding, numbers };
const unmeasured: ReportFinding = {
  finding: { ...finding, id: "f2" as FindingId, title: "Hunch", items: [], plate: [] },
  numbers: { ...numbers, found: 0, rate: null, rateCause: "not-read", noLongerSpurious: [] },
};

describe("findings.csv", () => {
  it("holds what was found, measured and recommended; what was not measured is empty", () => {
    const files = csvWriter.write(sampleReport({ findings: [found, unmeasured] }));
    const csv = new TextDecoder().decode(
      files.find(({ name }) => name === "findings.csv")?.bytes ?? new Uint8Array(),
    );
    expect(csv.split("\r\n")).toEqual([
      "finding_id,title,shortcut,class,severity,items,random_hits,random_n,rate,ci_low,ci_high,recommendation,state",
      `f1,"'=Marker, ""PORT""",marker,clear;nodule,critical,1;3,2,16,0.125,0.035,0.36,crop-or-mask;retrain,accepted`,
      "f2,Hunch,marker,clear;nodule,critical,,,,,,,crop-or-mask;retrain,accepted",
      "",
    ]);
  });
});

describe("section 9", () => {
  const plates = [1, 2, 3].map(samplePlate);
  const report = sampleReport({ findings: [found, unmeasured], plates });
  const content = contentOf([], report);

  it("has each finding with its statement, numbers and plate, then the other cases", () => {
    const section = documentOf(report, content).sections.find(({ id }) => id === "9");
    expect(section?.title).toBe("Findings");
    const plain = JSON.stringify(section).replaceAll(/[\u200b\u2060]/g, "");
    expect(plain).toContain("The score follows the marker.");
    expect(plain).toContain("12.5\u202f% (2 of 16), 95\u202f% 3.5–36.0, Wilson");
    expect(plain).toContain("Not measured. None of the random sample was read yet.");
    expect(plain).toContain("Crop or mask, Retrain");
    expect(plain).toContain("1 item no longer Spurious");
    const names = section?.blocks.flatMap((block) =>
      block.kind === "plates" ? block.plates.map(({ name }) => name) : [],
    );
    // the first chosen is the cover; item 2 belongs to no finding
    expect(names).toEqual(["9.1 a", "9.1 b", "Case 1"]);
    expect(section?.blocks.filter(({ kind }) => kind === "plates")[0]).toMatchObject({
      plates: [{ image: "plates/3-image.png" }, { image: "plates/1-image.png" }],
    });
  });

  it("is typeset", () => {
    const { files, sections } = buildReport(report);
    expect(files.map(({ name }) => name)).toContain("findings.csv");
    expect(sections.find(({ id }) => id === "9")?.title).toBe("Findings");
  }, 30_000);
});
