import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { fail } from "../../../shared/errors/app-error.ts";
import { maxFileBytes } from "./limits.ts";
import { sniffBytes } from "./format.ts";

/** A file's bytes and their SHA-256, from one read. */
export interface HashedFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Reads a whole image file; missing, forbidden and oversized files fail by their code. */
export async function readImageFile(path: string): Promise<Uint8Array> {
  const file = basename(path);
  try {
    await using handle = await open(path, "r");
    const { size } = await handle.stat();
    if (size > maxFileBytes)
      fail("image/file-too-large", { file, bytes: size, limit: maxFileBytes });
    return await handle.readFile();
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Reads a file once for both its pixels and its name in the record. */
export async function readHashed(path: string): Promise<HashedFile> {
  const bytes = await readImageFile(path);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { file: basename(path), bytes, sha256 };
}

/** SHA-256 of a file of any size, read in pieces. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await using handle = await open(path, "r");
    for await (const piece of handle.createReadStream({ autoClose: false })) hash.update(piece);
  } catch (error) {
    throw unreadable(basename(path), error);
  }
  return hash.digest("hex");
}

/** The first bytes of a file, enough for `sniffFormat`. */
export async function readHead(path: string): Promise<Uint8Array> {
  try {
    await using handle = await open(path, "r");
    const head = new Uint8Array(sniffBytes);
    const { bytesRead } = await handle.read(head, 0, sniffBytes, 0);
    return head.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(basename(path), error);
  }
}

function unreadable(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  try {
    if (code === "ENOENT" || code === "ENOTDIR") fail("image/missing", { file }, { cause: error });
    if (code === "EACCES" || code === "EPERM" || code === "EIO" || code === "EISDIR")
      fail("image/unreadable", { file, why: "no-access" }, { cause: error });
  } catch (failure) {
    return failure;
  }
  return error;
}
