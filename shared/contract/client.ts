import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/fetch";
import type { ContractRouterClient } from "@orpc/contract";
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
          return await next();
        } catch (cause) {
          throw asAppError(cause) ?? cause;
        }
      },
    ],
  });
  return createORPCClient(link);
}

/** The AppError that travelled inside an oRPC error's data, if it was one. */
function asAppError(cause: unknown): AppError | null {
  if (typeof cause !== "object" || cause === null || !("data" in cause)) return null;
  const data: unknown = cause.data;
  if (typeof data !== "object" || data === null || !("code" in data)) return null;
  const { code, details } = data as ErrorJson; // checked against the catalogue on the next line
  return code in catalogue ? new AppError(code, details, { cause }) : null;
}
