import { describe, expect, it } from "vitest";
import { guard, serveHttp } from "./host.ts";

const origin = "http://127.0.0.1:4711";
const app = () => Promise.resolve(new Response("inside"));
const ask = (headers: Record<string, string>, path = "/") =>
  guard(app, { origin, token: "right" })(new Request(origin + path, { headers }));
const host = "127.0.0.1:4711";

describe("the loopback host", () => {
  it("lets nobody in without the token", async () => {
    expect((await ask({ host })).status).toBe(401);
    expect((await ask({ host, cookie: "hansight-4711=wrong" })).status).toBe(401);
    expect((await ask({ host }, "/?token=wrong")).status).toBe(401);
  });

  it("changes the address's token for a cookie no script can read", async () => {
    const response = await ask({ host }, "/?token=right");
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    expect(response.headers.get("set-cookie")).toBe(
      "hansight-4711=right; HttpOnly; SameSite=Strict; Path=/",
    );
  });

  it("serves a request that names this host and carries the cookie", async () => {
    const response = await ask({ host, cookie: "other=1; hansight-4711=right" });
    expect(await response.text()).toBe("inside");
  });

  it("refuses another host name, as a rebound address would send", async () => {
    const response = await ask({ host: "evil.example", cookie: "hansight-4711=right" });
    expect(response.status).toBe(421);
  });

  it("refuses another origin", async () => {
    const headers = { host, cookie: "hansight-4711=right", origin: "http://evil.example" };
    expect((await ask(headers)).status).toBe(403);
  });

  it("names a port that is in use", async () => {
    const first = await serveHttp(app, { port: 0 });
    const port = Number(new URL(first.origin).port);
    await expect(serveHttp(app, { port })).rejects.toMatchObject({
      code: "usage/port-in-use",
      details: { port },
    });
    await first.close();
  });

  it("listens on the loopback address only", async () => {
    const served = await serveHttp(app, { port: 0 });
    expect(new URL(served.origin).hostname).toBe("127.0.0.1");
    await served.close();
  });
});
