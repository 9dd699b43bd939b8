import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { canonicalJson } from "../../shared/domain/canonical.ts";
import type { AuditId } from "../../shared/domain/ids.ts";
import {
  signatureMeanings,
  type SignatureFile,
  type SignedStatement,
} from "../../shared/domain/signature.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { readerIdSchema } from "./envelope.ts";
import { createFile, namesIn } from "./key-file.ts";

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
/** Well-formed Unicode (RFC 8785 knows no other), and nothing that moves a name about on the page. */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u);

const signedSchema = z.strictObject({
  auditId: line(200)
    .min(1)
    .transform((text) => text as AuditId), // sound: this is the parse that gives the brand
  revision: z.int().min(1),
  manifestSha256: hex(32),
  recordNo: z.int().min(0),
  recordHash: hex(32),
  readerId: readerIdSchema,
  publicKey: hex(32),
  name: line(200).min(1),
  role: line(200),
  meaning: z.enum(signatureMeanings),
  statement: z
    .string()
    .max(10_000)
    .regex(/^[^\p{Cs}]*$/u),
  signedAt: z.iso.datetime({ offset: true }),
});

export const signatureFileSchema: z.ZodType<SignatureFile> = z.strictObject({
  schema: z.literal(1),
  signed: signedSchema,
  signature: hex(64),
});

/** The bytes that are signed: RFC 8785 of the statement, in UTF-8. */
export function signedBytes(signed: SignedStatement): Buffer {
  return Buffer.from(canonicalJson(signed));
}

/** The one text a signature file may have: any other byte in it is a change. */
export function signatureText(file: SignatureFile): string {
  return `${canonicalJson(file)}\n`;
}

/** A file of the folder `signatures`: its name, `1.json` onwards, and its bytes. */
export interface NamedSignature {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The signature files in `folder` in the order of their numbers; none where there is no such folder. */
export async function readSignatures(folder: string): Promise<NamedSignature[]> {
  const names = await namesIn(folder);
  const numbered = names.filter((name) => /^[1-9]\d*\.json$/.test(name));
  const files = numbered.toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b));
  return Promise.all(
    files.map(async (file) => ({ file, bytes: await readFile(join(folder, file)) })),
  );
}

/**
 * Adds a signature beside those in `folder` under the next free number and returns its name. Never writes over one; the
 * same key with the same meaning for the same revision is `keys/signed-already`.
 */
export async function addSignature(folder: string, added: SignatureFile): Promise<string> {
  const text = signatureText(added);
  for (;;) {
    const present = await readSignatures(folder);
    for (const { file, bytes } of present) {
      const other = parseSignature(bytes);
      if (other && isSameAct(other.signed, added.signed))
        fail("keys/signed-already", { name: added.signed.name, file });
    }
    const last = present.at(-1)?.file ?? "0";
    const file = `${Number.parseInt(last) + 1}.json`;
    if (await createFile(join(folder, file), text, 0o666)) return file;
  }
}

/** A signature file's content, or null where it is not one. */
export function parseSignature(bytes: Uint8Array): SignatureFile | null {
  const read = readSignature(bytes);
  return "field" in read ? null : read;
}

/** A signature file's content, or the first field that cannot be read; empty for the whole. */
export function readSignature(bytes: Uint8Array): SignatureFile | { readonly field: string } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return { field: "" };
  }
  const parsed = signatureFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  return { field: [...(issue?.path ?? []), ...(unknown ? [unknown] : [])].join(".") };
}

function isSameAct(a: SignedStatement, b: SignedStatement): boolean {
  return a.publicKey === b.publicKey && a.meaning === b.meaning && a.revision === b.revision;
}
