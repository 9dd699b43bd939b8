import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { ORPCError } from "@orpc/server";
import { RPCHandler } from "@orpc/server/fetch";
import { isStream } from "../shared/contract/client.ts";
import { AppError, explainError, toErrorJson } from "../shared/errors/app-error.ts";
import { catalogue } from "../shared/errors/catalogue.ts";
import { bytesRoutes } from "./routes/bytes.ts";
import type { Deps } from "./routes/deps.ts";
import { mustBeAllowed } from "./routes/rights.ts";
import type { CallContext, Caller } from "./routes/sessions.ts";
import { createRouter } from "./routes/router.ts";

export type App = (request: Request) => Promise<Response>;

/**
 * The whole backend as one function: contract calls under `/rpc`, images, maps and columns as bytes, and the window's
 * static files. Both hosts mount it for windows, where nobody is who sends no session; the command line and the tests call
 * it in process, as the host itself.
 */
export function createApp(deps: Deps, unsigned: Caller): App {
  /** Requests whose streams run: a request that nobody holds is collected, and then no longer passes on its abort. */
  const streaming = new Set<Request>();
  const handler = new RPCHandler<CallContext & { readonly request: Request }>(createRouter(deps), {
    clientInterceptors: [
      async ({ next, path, input, context }) => {
        try {
          await mustBeAllowed(deps, context.caller, path, input);
          const output = await next();
          return isStream(output) ? held(rethrowing(output), context.request) : output;
        } catch (cause) {
          throw inWords(cause);
        }
      },
    ],
  });

  async function* held(source: AsyncIterable<unknown>, request: Request): AsyncGenerator<unknown> {
    streaming.add(request);
    try {
      yield* source;
    } finally {
      streaming.delete(request);
    }
  }

  const bytes = bytesRoutes(deps);

  return async (request) => {
    const { pathname } = new URL(request.url);
    const caller = deps.sessions.callerOf(request, unsigned);
    try {
      if (pathname.startsWith("/rpc/")) {
        const { matched, response } = await handler.handle(request, {
          prefix: "/rpc",
          context: { caller, request },
        });
        return matched ? response : new Response(null, { status: 404 });
      }
      if (request.method !== "GET" && request.method !== "HEAD") {
        return new Response(null, { status: 405 });
      }
      return (await bytes(request, caller)) ?? (await staticFile(deps.windowFolder, pathname));
    } catch (cause) {
      return errorResponse(cause);
    }
  };
}

function inWords(cause: unknown): ORPCError<string, unknown> {
  return cause instanceof ORPCError ? cause : asOrpcError(cause);
}

/** A stream whose failure, too, comes in the catalogue's words; leaving it early ends its source. */
async function* rethrowing(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* source;
  } catch (cause) {
    throw inWords(cause);
  }
}

/** A failure inside an oRPC error: code and details travel, the other side has the catalogue. */
export function asOrpcError(cause: unknown): ORPCError<string, unknown> {
  const data = toErrorJson(cause);
  return new ORPCError(data.code, {
    status: catalogue[data.code].status,
    message: explainError(data).what,
    data,
    cause,
  });
}

function errorResponse(cause: unknown): Response {
  const error = toErrorJson(cause);
  const status = cause instanceof AppError ? catalogue[error.code].status : 500;
  return Response.json(error, { status });
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
};

/** Only own files: no remote content, no inline script, no frames. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

async function staticFile(folder: string, pathname: string): Promise<Response> {
  const decoded = decodePath(pathname);
  if (decoded === null) return new Response(null, { status: 400 });
  const wanted = normalize(decoded);
  if (wanted.includes("..")) return new Response(null, { status: 403 });
  const path = join(folder, wanted.endsWith("/") ? "index.html" : wanted);
  let body: Buffer;
  try {
    body = await readFile(path);
  } catch {
    return new Response(null, { status: 404 });
  }
  const isHashed = /assets\/.*-[\w-]{8}\.\w+$/.test(path);
  return new Response(new Uint8Array(body), {
    headers: {
      ...securityHeaders,
      "content-type": contentTypes[extname(path)] ?? "application/octet-stream",
      "cache-control": isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    },
  });
}

function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null; // not UTF-8
  }
}
