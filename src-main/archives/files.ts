import { close, fstat, open as openDescriptor, read } from "node:fs";
import { open, stat } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import { promisify } from "node:util";
import { BadArchive, openArchive, type Archive, type Member } from "./zip.ts";

/**
 * Files on disk and members of archives alike: a path below an archive's file names a member of it. The disk is asked
 * first, so an ordinary file costs nothing more.
 */
export interface FoundFile {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Thrown where neither the disk nor an archive has such a file, as Node does. */
export class NoSuchFile extends Error {
  override readonly name = "NoSuchFile";
  readonly code = "ENOENT";
}

/** Size and time of a file. */
export async function findFile(path: string): Promise<FoundFile> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { bytes: size, modifiedMs: mtimeMs };
  } catch (cause) {
    const { member } = await memberAt(path, cause);
    return { bytes: member.bytes, modifiedMs: member.modifiedMs };
  }
}

/** The first `limitBytes` of a file, and how many it has in all. */
export async function readStartOf(
  path: string,
  limitBytes: number,
): Promise<{ readonly start: Uint8Array; readonly bytes: number }> {
  try {
    return await startOnDisk(path, limitBytes);
  } catch (cause) {
    const { archive, member } = await memberAt(path, cause);
    return { start: await archive.read(member, limitBytes), bytes: member.bytes };
  }
}

const opened = promisify(openDescriptor);
const closed = promisify(close);
const filled = promisify(read);
const told = promisify(fstat);

/** By descriptors: done for every file of a clinic's folder, and a FileHandle each takes three times as long. */
async function startOnDisk(path: string, limitBytes: number) {
  const descriptor = await opened(path, "r");
  try {
    const { size } = await told(descriptor);
    const start = new Uint8Array(Math.min(size, limitBytes));
    const { bytesRead } = await filled(descriptor, start, 0, start.length, 0);
    return { start: start.subarray(0, bytesRead), bytes: size };
  } finally {
    await closed(descriptor);
  }
}

/** A whole file; `tooLarge` is called with its size where that is over the limit, and throws. */
export async function readWhole(
  path: string,
  limitBytes: number,
  tooLarge: (bytes: number) => never,
): Promise<Uint8Array> {
  try {
    await using handle = await open(path, "r");
    const { size } = await handle.stat();
    if (size > limitBytes) tooLarge(size);
    return await handle.readFile();
  } catch (cause) {
    const { archive, member } = await memberAt(path, cause);
    if (member.bytes > limitBytes) tooLarge(member.bytes);
    return archive.read(member, limitBytes);
  }
}

/** The member that a path below an archive names; where there is none, what the disk said is thrown. */
async function memberAt(
  path: string,
  cause: unknown,
): Promise<{ readonly archive: Archive; readonly member: Member }> {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code !== "ENOTDIR" && code !== "ENOENT") throw cause;
  const holder = await fileAbove(path);
  if (holder === null) throw cause;
  const archive = await openArchive(holder).catch((why: unknown) => {
    throw why instanceof BadArchive ? cause : why;
  });
  const member = archive.members.get(relative(holder, path).replaceAll(sep, "/"));
  if (!member) throw new NoSuchFile("no such member", { cause });
  return { archive, member };
}

/** The nearest thing above a path that exists, where that is a file. */
async function fileAbove(path: string): Promise<string | null> {
  for (let above = dirname(path); above !== dirname(above); above = dirname(above)) {
    const found = await stat(above).catch(() => null);
    if (found) return found.isFile() ? above : null;
  }
  return null;
}
