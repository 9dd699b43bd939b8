import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { pictureFile, type PicturePath } from "../../../shared/domain/picture-path.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { readStartOf, readWhole } from "../../archives/files.ts";
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
    return await readWhole(path, maxFileBytes, (bytes) =>
      fail("image/file-too-large", { file, bytes, limit: maxFileBytes }),
    );
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

/** SHA-256 of a picture's file, of any size, read in pieces. */
export async function hashFile(picture: PicturePath): Promise<string> {
  const path = pictureFile(picture).file;
  const hash = createHash("sha256");
  try {
    const handle = await open(path, "r").catch(() => null);
    if (!handle) return hash.update(await readImageFile(path)).digest("hex"); // a member of an archive, or gone
    await using file = handle;
    for await (const piece of file.createReadStream({ autoClose: false })) hash.update(piece);
  } catch (error) {
    throw unreadable(basename(path), error);
  }
  return hash.digest("hex");
}

/** The first bytes of a file, enough for `sniffFormat`. */
export async function readHead(path: string): Promise<Uint8Array> {
  try {
    return (await readStartOf(path, sniffBytes)).start;
  } catch (error) {
    throw unreadable(basename(path), error);
  }
}

function unreadable(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  try {
    if (code === "ENOENT" || code === "ENOTDIR") fail("image/missing", { file }, { cause: error });
    if (code === "EBADMSG") fail("image/unreadable", { file, why: "damaged" }, { cause: error });
    if (code === "EACCES" || code === "EPERM" || code === "EIO" || code === "EISDIR")
      fail("image/unreadable", { file, why: "no-access" }, { cause: error });
  } catch (failure) {
    return failure;
  }
  return error;
}
