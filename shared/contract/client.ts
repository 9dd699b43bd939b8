import { createORPCClient, ORPCError } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
import { z } from "zod";
import { AppError, type ErrorJson } from "../errors/app-error.ts";
import { catalogue } from "../errors/catalogue.ts";
import type { Contract } from "./contract.ts";

export type Client = ContractRouterClient<Contract>;
/** What a host or the app offers: a request in, a response out. */
export type Fetch = (request: Request) => Promise<Response>;

/**
 * The typed client of the contract. The window passes its own `fetch`, the command line and the tests pass the app.
 * Failures come back as `AppError` with the catalogue's code.
 */
export function createClient(origin: string, fetch: Fetch): Client {
  const link = new RPCLink({
    url: new URL("/rpc", origin).href,
    fetch: (request) => fetch(request),
    interceptors: [
      async ({ next }) => {
        try {
          const output = await next();
          return isStream(output) ? rethrowing(output) : output;
        } catch (cause) {
          throw inWords(cause);
        }
      },
    ],
  });
  return createORPCClient(link);
}

function inWords(cause: unknown): unknown {
  return asAppError(cause) ?? asRefusal(cause) ?? cause;
}

/** Whether a procedure's output is an event stream, whose failure comes later than its answer. */
export function isStream(output: unknown): output is AsyncIterable<unknown> {
  return typeof output === "object" && output !== null && Symbol.asyncIterator in output;
}

/** A stream that fails in words, too; leaving it early leaves its source. */
async function* rethrowing(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* source;
  } catch (cause) {
    throw inWords(cause);
  }
}

/** The AppError that travelled inside an oRPC error's data, if it was one. */
function asAppError(cause: unknown): AppError | null {
  if (typeof cause !== "object" || cause === null || !("data" in cause)) return null;
  const data: unknown = cause.data;
  if (typeof data !== "object" || data === null || !("code" in data)) return null;
  const { code, details } = data as ErrorJson; // checked against the catalogue on the next line
  return code in catalogue ? new AppError(code, details, { cause }) : null;
}

/** Input that the contract's schema did not take, with the first field that was wrong. */
function asRefusal(cause: unknown): AppError | null {
  if (!(cause instanceof ORPCError) || cause.code !== "BAD_REQUEST") return null;
  const parsed = issuesSchema.safeParse(cause.data);
  const [issue] = parsed.success ? parsed.data.issues : [];
  const field = issue?.path.join(".") ?? "";
  return new AppError("usage/refused", { field, why: issue?.message ?? "" }, { cause });
}

const issuesSchema = z.object({
  issues: z.array(
    z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }),
  ),
});
