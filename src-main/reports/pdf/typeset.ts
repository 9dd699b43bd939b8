import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { NodeCompiler, type NodeTypstDocument } from "@myriaddreamin/typst-ts-node-compiler";
import type { ReportDocument } from "../document/document.ts";
import type { PrintedSection, ReportFile } from "../report-data.ts";
import { readFonts } from "./fonts.ts";
import { pagesOf } from "./svg-pages.ts";

/** A typeset document. */
export interface Typeset {
  readonly pdf: Uint8Array;
  /** One SVG per page. */
  readonly pages: Uint8Array[];
  readonly sections: PrintedSection[];
  /** The standard it keeps; null where a character is in no font at hand, which the standard forbids. */
  readonly standard: string | null;
}

const standard = "ua-1";

/** Typesets a document. Its time is the only clock: the same document gives the same bytes. */
export function typeset(
  document: ReportDocument,
  pictures: readonly ReportFile[],
  writtenAt: Date,
): Typeset {
  const { compiler, made } = compile(document, pictures);
  const creationTimestamp = Math.floor(writtenAt.getTime() / 1000);
  return {
    ...pdfOf(compiler, made, creationTimestamp),
    pages: pagesOf(compiler.plainSvg(made)),
    sections: sectionsOf(compiler, made),
  };
}

/** The laid-out document. Everything it reads is in memory: no file, no package, no network. */
export function compile(document: ReportDocument, pictures: readonly ReportFile[]) {
  const root = resolve("/hansight-report"); // a name only, nothing is there
  const compiler = NodeCompiler.create({ workspace: root, fontArgs: [{ fontBlobs: readFonts() }] });
  const main = resolve(root, "report.typ");
  compiler.addSource(main, readFileSync(new URL("./report.typ", import.meta.url), "utf8"));
  compiler.mapShadow(resolve(root, "report.json"), Buffer.from(JSON.stringify(document)));
  for (const { name, bytes } of pictures)
    compiler.mapShadow(resolve(root, name), Buffer.from(bytes));
  const compiled = compiler.compile({ mainFilePath: main });
  const made = compiled.result;
  if (made) return { compiler, made };
  const error = compiled.takeDiagnostics();
  const found = error ? JSON.stringify(compiler.fetchDiagnostics(error)) : "";
  throw new Error(`the document did not compile: ${found}`);
}

function pdfOf(compiler: NodeCompiler, made: NodeTypstDocument, creationTimestamp: number) {
  try {
    const pdf = compiler.pdf(made, { pdfStandard: standard, creationTimestamp });
    return { pdf: new Uint8Array(pdf), standard };
  } catch (cause) {
    if (!String(cause).includes("could not be displayed")) throw cause;
    return { pdf: new Uint8Array(compiler.pdf(made, { creationTimestamp })), standard: null };
  }
}

function sectionsOf(compiler: NodeCompiler, made: NodeTypstDocument): PrintedSection[] {
  const found = compiler.query(made, { selector: "<section>", field: "value" }) as PrintedSection[]; // as the template wrote it
  return found;
}
