import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";
import { signaturePageOf, type SignaturePageData } from "../signature-page.ts";
import { readFonts } from "./fonts.ts";

/** `signatures.pdf`: PDF/UA-1, or plain where a name has a character that no typeface at hand has. */
export function writeSignatures(data: SignaturePageData, writtenAt: Date): Uint8Array {
  const root = resolve("/hansight-signatures"); // a name only, nothing is there
  const compiler = NodeCompiler.create({ workspace: root, fontArgs: [{ fontBlobs: readFonts() }] });
  const main = resolve(root, "signatures.typ");
  compiler.addSource(main, readFileSync(new URL("./signatures.typ", import.meta.url), "utf8"));
  const page = Buffer.from(JSON.stringify(signaturePageOf(data)));
  compiler.mapShadow(resolve(root, "page.json"), page);
  const compiled = compiler.compile({ mainFilePath: main });
  if (!compiled.result) {
    const error = compiled.takeDiagnostics();
    const found = error ? JSON.stringify(compiler.fetchDiagnostics(error)) : "";
    throw new Error(`the signatures did not compile: ${found}`);
  }
  const creationTimestamp = Math.floor(writtenAt.getTime() / 1000);
  try {
    const pdf = compiler.pdf(compiled.result, { pdfStandard: "ua-1", creationTimestamp });
    return new Uint8Array(pdf);
  } catch (cause) {
    if (!String(cause).includes("could not be displayed")) throw cause;
    return new Uint8Array(compiler.pdf(compiled.result, { creationTimestamp }));
  }
}
