import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { link, mkdir, open, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { fail } from "../../shared/errors/app-error.ts";
import type { KeyExposure } from "../../shared/errors/areas/keys.ts";

/** Far more than an envelope or a signature needs. */
const mostBytes = 1 << 16;
const isPosix = process.platform !== "win32";

/**
 * The text of a key file, or null where there is none. Links are not followed; a file that another user could read or
 * own fails with `keys/open-to-others` (POSIX; on Windows the profile folder's own rules hold).
 */
export async function readKeyFile(file: string): Promise<string | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") return null;
    if (code === "ELOOP" || code === "EISDIR")
      return fail("keys/damaged", { file, why: "not-a-file" });
    return fail("keys/not-read", { file, why: reasonOf(error) }, { cause: error });
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return fail("keys/damaged", { file, why: "not-a-file" });
    const why = isPosix ? exposure(stat.mode, stat.uid, process.getuid?.() ?? stat.uid) : null;
    if (why) return fail("keys/open-to-others", { file, why });
    if (stat.size > mostBytes) return fail("keys/damaged", { file, why: "not-json" });
    return await handle
      .readFile("utf8")
      .catch((error: unknown) =>
        fail("keys/not-read", { file, why: reasonOf(error) }, { cause: error }),
      );
  } finally {
    await handle.close();
  }
}

/** The names in a folder; none where it does not exist yet. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    return fail("keys/not-read", { file: folder, why: reasonOf(error) }, { cause: error });
  }
}

/** What of a file's mode and owner lets others at it, or null: a key is its user's alone. */
export function exposure(mode: number, owner: number, user: number): KeyExposure | null {
  if (owner !== user) return "owner";
  return (mode & 0o077) === 0 ? null : "mode";
}

/** Puts `text` in the place of what was there: whole and on the disk, or not at all. */
export async function replaceFile(file: string, text: string, mode = 0o600): Promise<void> {
  await placeFile(file, text, mode, async (part) => {
    await rename(part, file);
    return true;
  });
}

/** Writes a new file whole; false, with nothing changed, where there is one of this name already. */
export async function createFile(file: string, text: string, mode = 0o600): Promise<boolean> {
  return placeFile(file, text, mode, async (part) => {
    try {
      await link(part, file); // unlike a rename, it never takes the place of another
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      if (!noLinks.has(codeOf(error))) throw error;
      return writeWhole(file, text, mode).then(
        () => true,
        (failure: unknown) => {
          if (codeOf(failure) === "EEXIST") return false;
          throw failure;
        },
      );
    }
  });
}

/** What file systems without hard links answer. */
const noLinks: ReadonlySet<string> = new Set([
  "EPERM",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EINVAL",
]);

async function placeFile(
  file: string,
  text: string,
  mode: number,
  place: (part: string) => Promise<boolean>,
): Promise<boolean> {
  const part = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: mode === 0o600 ? 0o700 : 0o777 });
    await writeWhole(part, text, mode);
    const isPlaced = await place(part);
    await syncFolder(dirname(file));
    return isPlaced;
  } catch (error) {
    return fail("keys/not-written", { file, why: reasonOf(error) }, { cause: error });
  } finally {
    await rm(part, { force: true }).catch(() => undefined); // a leftover is locked like the key itself
  }
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the name itself last; Windows and some drives cannot, and lose nothing that was there before. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException | null)?.code ?? ""); // what node:fs throws
}

function reasonOf(error: unknown): string {
  return reasons[codeOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "no space left",
  EDQUOT: "no space left for this user",
  EROFS: "the drive is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EIO: "the drive failed",
};
