import { accessSync, constants } from "node:fs";
import { AppError, fail } from "../../shared/errors/app-error.ts";

type Reason = "full" | "read-only" | "damaged" | "failed";

/** SQLite's primary codes of what goes wrong outside our own statements. */
const sqliteReasons: Readonly<Record<number, Reason>> = {
  5: "failed", // busy
  6: "failed", // locked
  8: "read-only",
  10: "failed", // the drive
  11: "damaged",
  13: "full",
  14: "failed", // cannot open
  26: "damaged", // not a database
};
const systemReasons: Readonly<Record<string, Reason>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
  EIO: "failed",
  EMFILE: "failed",
  ENFILE: "failed",
  ENOTDIR: "failed",
};

/** What SQLite or the file system said, in the catalogue's words. Our own mistakes are thrown as they came. */
export function storageFailure(error: unknown, what: string, folder: string): never {
  const reason = error instanceof AppError ? undefined : reasonOf(error, folder);
  if (!reason || !(error instanceof Error)) throw error;
  const options = { cause: error };
  switch (reason) {
    case "full":
      return fail("storage/full", { what, folder }, options);
    case "read-only":
      return fail("storage/read-only", { folder }, options);
    case "damaged":
      return fail("audit/damaged", { folder, why: error.message }, options);
    case "failed":
      return fail("storage/failed", { what, why: error.message }, options);
  }
}

function reasonOf(error: unknown, folder: string): Reason | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }; // the driver's and the system's shapes
  if (typeof errcode === "number") {
    const primary = errcode & 0xff;
    return primary === 14 && !isWritable(folder) ? "read-only" : sqliteReasons[primary];
  }
  return typeof code === "string" ? systemReasons[code] : undefined;
}

/** Whether this user may make files in `folder`. */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
