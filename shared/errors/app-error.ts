import { catalogue, type ErrorCode } from "./catalogue.ts";

/** Code and details: all of a failure that crosses a process; the other side has the catalogue too. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;
}

/** A failure from the catalogue: thrown by `fail`, told apart by `code`, never by its message. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly details: Record<string, unknown>;

  // `options` carries `cause`: what failed underneath is never lost
  constructor(code: ErrorCode, details: object, options?: ErrorOptions) {
    super(catalogue[code].message(details as never), options); // sound: `fail` pairs the two
    this.code = code;
    this.details = details as Record<string, unknown>; // sound: catalogue details are plain objects
  }

  toJSON(): ErrorJson {
    return { code: this.code, details: this.details };
  }
}

export type Details<Code extends ErrorCode> = Parameters<(typeof catalogue)[Code]["message"]>[0];

/** Throws the catalogue's failure `code`; `details` are what its sentence needs. */
export function fail<Code extends ErrorCode>(
  code: Code,
  details: Details<Code>,
  options?: ErrorOptions,
): never {
  throw new AppError(code, details as object, options); // sound: every catalogue message takes an object
}

/** What happened · what is safe · what to do, in the catalogue's words. */
export function explainError(error: ErrorJson): { what: string; safe: string; hint: string } {
  const entry = catalogue[error.code];
  return {
    what: entry.message(error.details as never), // sound: `fail` paired code and details
    safe: entry.safe,
    hint: entry.hint,
  };
}

/** Any thrown value as code and details; what is not from the catalogue becomes `internal/unexpected`. */
export function toErrorJson(error: unknown): ErrorJson {
  if (error instanceof AppError) return error.toJSON();
  const message = error instanceof Error ? error.message : String(error);
  return { code: "internal/unexpected", details: { message } };
}
