import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { fail } from "../../../shared/errors/app-error.ts";

/** The app on the loopback address, for browsers and machines without a display. */
export interface HttpHost {
  /** Carries the token once; the page then holds a cookie. */
  readonly address: string;
  readonly origin: string;
  close(): Promise<void>;
}

/** A cookie belongs to a host name, not to a port: two hosts on one machine must not share one. */
const cookieNameFor = (origin: string) => `hansight-${new URL(origin).port}`;

/**
 * Serves `app` on 127.0.0.1. Every request must carry this start's token (first in the address, then as a cookie that
 * no script can read), name this host in `Host`, and, where a browser sends it, this origin in `Origin`.
 *
 * @throws AppError `usage/port-in-use`
 */
export async function serveHttp(
  app: (request: Request) => Promise<Response>,
  options: { readonly port: number },
): Promise<HttpHost> {
  const token = randomBytes(24).toString("base64url");
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      if (cause.code === "EADDRINUSE") {
        try {
          fail("usage/port-in-use", { port: options.port }, { cause });
        } catch (error) {
          reject(error as Error); // `fail` throws AppError
        }
      } else reject(cause);
    });
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const origin = `http://127.0.0.1:${port}`;
  const guarded = guard(app, { origin, token });
  server.on("request", getRequestListener(guarded, { overrideGlobalObjects: false }));
  return {
    address: `${origin}/?token=${token}`,
    origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Lets a request through to `app` only when host, origin and token are this start's. */
export function guard(
  app: (request: Request) => Promise<Response>,
  { origin, token }: { readonly origin: string; readonly token: string },
): (request: Request) => Promise<Response> {
  const host = new URL(origin).host;
  const cookieName = cookieNameFor(origin);
  return async (request) => {
    const url = new URL(request.url);
    if (request.headers.get("host") !== host) return refuse(421);
    const sentOrigin = request.headers.get("origin");
    if (sentOrigin !== null && sentOrigin !== origin) return refuse(403);
    const given = url.searchParams.get("token");
    if (given !== null) {
      if (!isSame(given, token)) return refuse(401);
      const cookie = `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`;
      return new Response(null, {
        status: 303,
        headers: { location: url.pathname, "set-cookie": cookie, "cache-control": "no-store" },
      });
    }
    if (!isSame(cookieOf(request, cookieName) ?? "", token)) return refuse(401);
    return app(request);
  };
}

function cookieOf(request: Request, cookieName: string): string | undefined {
  const header = request.headers.get("cookie") ?? "";
  for (const part of header.split(";")) {
    const [name, value] = part.trim().split("=", 2);
    if (name === cookieName) return value;
  }
  return undefined;
}

function isSame(given: string, token: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(status: number): Response {
  return new Response(null, { status });
}
