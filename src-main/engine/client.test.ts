import { describe, expect, it } from "vitest";
import { EngineClient, EngineStopped, type ForkEngine } from "./client.ts";
import { protocolVersion, type EngineCall } from "./protocol.ts";

/** An engine that dies under its first `deaths` requests and answers the next; the process is the double here. */
function dying(
  deaths: number,
  version = protocolVersion,
): { fork: ForkEngine; started: () => number } {
  let started = 0;
  const fork: ForkEngine = () => {
    started += 1;
    const isDoomed = started <= deaths;
    let exit: () => void = () => undefined;
    let tell: (message: unknown) => void = () => undefined;
    return {
      send: ({ id, input }: EngineCall) => {
        queueMicrotask(() => (isDoomed ? exit() : tell({ kind: "done", id, result: input })));
      },
      onMessage: (listener) => {
        tell = listener;
        queueMicrotask(() => tell({ kind: "hello", version }));
      },
      onExit: (listener) => (exit = listener),
      kill: () => exit(),
    };
  };
  return { fork, started: () => started };
}

describe("the host's end of an engine", () => {
  it("repeats a request under which the process died", async () => {
    const { fork, started } = dying(2);
    const client = new EngineClient("images", fork);
    expect(await client.call("hash", { paths: ["a"] })).toEqual({ paths: ["a"] });
    expect([started(), client.restarts]).toEqual([3, 2]);
  });

  it("gives up in words when it dies under every try", async () => {
    const client = new EngineClient("images", dying(99).fork);
    await expect(client.call("hash", { paths: [] })).rejects.toMatchObject({
      code: "engine/stopped",
    });
  });

  it("leaves a request that names a handle to the caller", async () => {
    const client = new EngineClient("maps", dying(1).fork);
    await expect(client.callOnce("closeRun", { handle: "gone" })).rejects.toBeInstanceOf(
      EngineStopped,
    );
  });

  it("names both versions when host and engine do not speak the same", async () => {
    const client = new EngineClient("maps", dying(0, 99).fork);
    await expect(client.call("hash", { paths: [] })).rejects.toMatchObject({
      code: "engine/version",
      details: { host: protocolVersion, engine: 99 },
    });
  });

  it("stops waiting when the caller does", async () => {
    const client = new EngineClient("images", dying(99).fork);
    const controller = new AbortController();
    const asked = client.callOnce("hash", { paths: [] }, controller.signal);
    controller.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });

  it("starts no process for a request that was under way when it was closed", async () => {
    const { fork, started } = dying(99);
    const client = new EngineClient("images", fork);
    const asked = client.call("hash", { paths: [] });
    client.close();
    await expect(asked).rejects.toBeInstanceOf(EngineStopped);
    await expect(client.call("hash", { paths: [] })).rejects.toBeInstanceOf(EngineStopped);
    expect(started()).toBe(1);
  });
});
