import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { z } from "zod";
import { fail } from "../../shared/errors/app-error.ts";

/** Where builds of the report lie in an audit's folder. */
export const exportsFolder = "exports";
export const manifestName = "manifest.json";
export const contentName = "content.json";
export const recordLogName = "record.log";
export const signaturesFolder = "signatures";
export const signaturePageName = "signatures.pdf";

/** A path inside the bundle: a manifest from elsewhere names nothing outside it. */
const bundlePathSchema = z
  .string()
  .min(1)
  .refine(
    (path) =>
      path === posix.normalize(path) &&
      !posix.isAbsolute(path) &&
      !path.startsWith(".") &&
      !path.includes("\\"),
  );

export const listedFileSchema = z.strictObject({
  name: bundlePathSchema,
  bytes: z.int(),
  sha256: z.string(),
});
export type ListedFile = z.infer<typeof listedFileSchema>;

export const manifestSchema = z.strictObject({
  audit: z.string(),
  /** Absent in a draft. */
  revision: z.int().min(1).optional(),
  builtAt: z.string(),
  recordNo: z.int(),
  recordHash: z.string(),
  pages: z.int(),
  sections: z.array(z.strictObject({ id: z.string(), title: z.string(), page: z.int() })),
  files: z.array(listedFileSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const contentSchema = z.strictObject({
  files: z.array(z.strictObject({ path: bundlePathSchema, bytes: z.int(), sha256: z.string() })),
  record: z.strictObject({ no: z.int(), hash: z.string() }),
});

/** The folder of revision `no`, what stands in it until it is whole, and the pictures of its pages. */
export function revisionFolders(audit: string, no: number) {
  const whole = join(audit, exportsFolder, `r${no}`);
  return { whole, part: `${whole}.part`, pages: `${whole}.pages` };
}

/** The folder of the last draft; audits of before revisions have it in `exports` itself. */
export function draftFolder(audit: string): string {
  const draft = join(audit, exportsFolder, "draft");
  const isOld = !existsSync(draft) && existsSync(join(audit, exportsFolder, manifestName));
  return isOld ? join(audit, exportsFolder) : draft;
}

/** The manifest in a folder, or null where there is none that can be read: Verify says which. */
export function readManifestIn(folder: string): Manifest | null {
  const path = join(folder, manifestName);
  if (!existsSync(path)) return null;
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Writes files below `folder` and says what was written. */
export async function writeFiles(
  folder: string,
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): Promise<ListedFile[]> {
  const listed: ListedFile[] = [];
  for (const { name, bytes } of files) {
    const path = join(folder, bundlePathSchema.parse(name));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    listed.push({ name, bytes: bytes.byteLength, sha256: sha256Of(bytes) });
  }
  return listed;
}

/** The pages of a build as pictures, `1.svg` onwards. */
export async function writePages(folder: string, pages: readonly Uint8Array[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, svg] of pages.entries()) await writeFile(join(folder, `${i + 1}.svg`), svg);
}

/** Puts a whole folder in the place of an older one. */
export async function replaceFolder(part: string, whole: string): Promise<void> {
  await rm(`${whole}.old`, { recursive: true, force: true });
  if (existsSync(whole)) await rename(whole, `${whole}.old`);
  await rename(part, whole);
  await rm(`${whole}.old`, { recursive: true, force: true });
}

/** What lies below `folder`: files by their path in it, and what is neither file nor folder. */
export async function filesBelow(
  folder: string,
  below = "",
): Promise<{ readonly files: string[]; readonly others: string[] }> {
  const files: string[] = [];
  const others: string[] = [];
  for (const name of (await readdir(join(folder, below))).toSorted()) {
    const path = posix.join(below, name);
    const found = await lstat(join(folder, path));
    if (found.isDirectory()) {
      const inside = await filesBelow(folder, path);
      files.push(...inside.files);
      others.push(...inside.others);
    } else (found.isFile() ? files : others).push(path);
  }
  return { files, others };
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Size and hash of a file as it is now, read in pieces; links are not followed. Null where there is no such file. */
export async function hashFile(
  path: string,
): Promise<{ readonly bytes: number; readonly sha256: string } | null> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isFile()) return null;
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    const piece = chunk as Buffer; // a stream without encoding gives bytes
    bytes += piece.byteLength;
    hash.update(piece);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** What the file system said, as the clause after the colon of `report/failed`. */
export function reportFailure(cause: unknown): never {
  const code = String((cause as NodeJS.ErrnoException | null)?.code ?? ""); // what node:fs throws
  const why = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return fail("report/failed", { why }, { cause });
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space left",
  EDQUOT: "no space left for this user",
  EROFS: "the drive is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EIO: "the drive failed",
};
