import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { samplePlate, sampleAuditFacts, sampleReport } from "../../test/support/sample-report.ts";
import { buildReport } from "./build-report.ts";
import { contentOf } from "./content.ts";
import { documentOf } from "./document/document-of.ts";
import { picturesOf } from "./document/pictures.ts";
import { compile } from "./pdf/typeset.ts";
import type { ReportData } from "./report-data.ts";

const hasTool = (name: string) => spawnSync(name, ["--version"]).error === undefined;
function writePdfTo(folder: string): string {
  const path = join(folder, "report.pdf");
  writeFileSync(path, pdfOf(sampleReport()));
  return path;
}
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const pdfOf = (data: ReportData) =>
  buildReport(data).files.find(({ name }) => name === "report.pdf")?.bytes ?? new Uint8Array();

/** The laid-out report with the words that a reader's selection holds. */
function words(data: ReportData): string {
  const { compiler, made } = compile(documentOf(data, contentOf([], data)), picturesOf(data));
  return compiler
    .svg(made)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

describe("a built report", () => {
  const built = buildReport(sampleReport());

  it("has every file", () => {
    expect(built.files.map(({ name }) => name)).toEqual([
      "items.csv",
      "predictions.csv",
      "metrics.csv",
      "verdicts.csv",
      "regions.csv",
      "tests.csv",
      "findings.csv",
      "runs.csv",
      "record.csv",
      "bundle.json",
      "content.json",
      "report.pdf",
    ]);
  });

  it("is a tagged PDF/UA-1 file with language, title and outline", () => {
    const pdf = latin(pdfOf(sampleReport()));
    expect(pdf.startsWith("%PDF-1.7")).toBe(true);
    expect(pdf).toContain("<pdfuaid:part>1</pdfuaid:part>");
    expect(pdf).toContain("/Lang (en)");
    expect(pdf).toContain(">Chest pilot</rdf:li>");
    expect(pdf).toContain("/Marked true");
    expect(pdf).toContain("/Outlines");
  });

  it.skipIf(!hasTool("qpdf"))("passes qpdf --check", async () => {
    const path = writePdfTo(await temporaryFolder());
    expect(execFileSync("qpdf", ["--check", path], { encoding: "utf8" })).toContain(
      "No syntax or stream encoding errors",
    );
  });

  it.skipIf(!hasTool("pdfinfo"))(
    "is tagged in reading order, as pdfinfo -struct-text reads it",
    async () => {
      const path = writePdfTo(await temporaryFolder());
      const said = execFileSync("pdfinfo", ["-struct-text", path], { encoding: "utf8" });
      const heads = [...said.matchAll(/H1 "(\d+|[A-F])/g)].map(([, id]) => id);
      expect(heads.slice(0, 4)).toEqual(["1", "2", "3", "4"]);
      expect(heads.slice(-6)).toEqual(["A", "B", "C", "D", "E", "F"]);
      expect(said).toContain("Figure");
    },
  );

  it("is the same, byte for byte, when built again, and another at another time", () => {
    const again = buildReport(sampleReport());
    for (const [i, { name, bytes }] of built.files.entries())
      expect(Buffer.compare(bytes, again.files[i].bytes), name).toBe(0);
    const later = pdfOf(sampleReport({ builtAt: "2026-03-18T14:03:05.000Z" }));
    expect(Buffer.compare(pdfOf(sampleReport()), later)).not.toBe(0);
  });

  it("knows the page that each section begins on", () => {
    expect(built.sections[0]).toEqual({ id: "1", title: "Summary", page: 2 });
    const pages = built.sections.map(({ page }) => page);
    expect(pages).toEqual(pages.toSorted((a, b) => a - b));
    expect(Math.max(...pages)).toBeLessThanOrEqual(built.pages.length);
  });

  it("has one whole SVG per page, and in it every shape that it refers to", () => {
    const count = /\/Type \/Pages[^]*?\/Count (\d+)/.exec(latin(pdfOf(sampleReport())))?.[1];
    expect(built.pages).toHaveLength(Number(count));
    for (const page of built.pages) {
      const svg = new TextDecoder().decode(page);
      expect(XMLValidator.validate(svg)).toBe(true);
      const defined = new Set([...svg.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
      const used = [...svg.matchAll(/(?:href="#|url\(#)([^")]+)/g)].map(([, id]) => id);
      expect(used.length).toBeGreaterThan(0);
      expect(used.filter((id) => !defined.has(id))).toEqual([]);
    }
  });

  it("carries the hash of its content in its foot and its annex", () => {
    const content = contentOf(built.files.slice(0, -2), sampleReport());
    const written = built.files.find(({ name }) => name === "content.json");
    expect(Buffer.compare(content.file.bytes, written?.bytes ?? new Uint8Array())).toBe(0);
    const { foot } = documentOf(sampleReport(), content).meta;
    expect(foot.hash.replace(/\s/g, "")).toBe(`content${content.sha256.slice(0, 12)}`);
  });
});

describe("text of people and files", () => {
  it("is printed as it is, whatever it would mean as markup", () => {
    const name = '#panic("x") *a_b$ <b> @ref \\ // `c` [d] = e';
    const items = sampleReport().items.map((item) => ({
      ...item,
      label: name,
      path: `${name}.png`,
    }));
    const audit = { ...sampleAuditFacts, name, classes: [name, "nodule"] };
    const said = words(sampleReport({ items, audit }));
    expect(said).toContain(name);
    expect(said).toContain(`${name}.png`);
    expect(() => buildReport(sampleReport({ items, audit }))).not.toThrow();
  });

  it("may be of any length and script", () => {
    const long = `${"very-long-name_".repeat(20)}${"x".repeat(300)}.png`;
    const items = sampleReport().items.map((item) => ({
      ...item,
      path: long,
      label: "Θώραξ Лёгкое",
    }));
    const audit = { ...sampleAuditFacts, name: long, classes: ["Θώραξ Лёгкое"] };
    expect(latin(pdfOf(sampleReport({ items, audit })))).toContain("pdfuaid");
  });

  it("loses the standard, not the report, where no typeface has a character, and says so", () => {
    const audit = { ...sampleAuditFacts, name: "ward \u{10fffd}" };
    const pdf = latin(pdfOf(sampleReport({ audit })));
    expect(pdf).not.toContain("pdfuaid");
    expect(pdf).toContain("/Marked true");
    const data = sampleReport({ audit });
    const { sections } = documentOf(data, contentOf([], data), ["missing-glyphs"]);
    expect(JSON.stringify(sections)).toContain("are in no typeface at hand");
  });
});

describe("a report of little", () => {
  it("is built of no items and no runs", () => {
    const audit = { ...sampleAuditFacts, runs: [], models: [], queues: [], readers: [], items: 0 };
    const nothing = sampleReport({ audit, run: null, summary: null, items: [], plates: [] });
    expect(latin(pdfOf(nothing))).toContain("pdfuaid");
  });

  it("is built of items whose map is missing", () => {
    const plates = [{ ...samplePlate(3), map: null, overlay: null, summary: "" }];
    expect(latin(pdfOf(sampleReport({ plates })))).toContain("pdfuaid");
  });

  it("is built of 200 plates", () => {
    const base = sampleReport().items[1];
    const items = Array.from({ length: 200 }, (_, no) => ({ ...base, no, path: `${no}.png` }));
    const plates = items.map(({ no }) => samplePlate(no));
    const { pages } = buildReport(sampleReport({ items, plates }));
    expect(pages.length).toBeGreaterThanOrEqual(67);
  }, 30_000);
});
