import type { ErrorCode } from "../../shared/errors/catalogue.ts";

/** What the shell is told. */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  refused: 3,
  doneWithFailures: 4,
  storage: 5,
  interrupted: 130,
} as const;

/** The exit code of a failure: the area of its code decides. */
export function exitCodeOf(code: ErrorCode): number {
  const area = code.split("/", 1)[0];
  if (area === "usage") return exitCodes.usage;
  if (area === "storage") return exitCodes.storage;
  if (area === "internal") return exitCodes.internal;
  return exitCodes.refused;
}
