import { fork } from "node:child_process";
import { AppError, fail, type ErrorJson } from "../../shared/errors/app-error.ts";
import {
  engineReply,
  protocolVersion,
  type EngineCall,
  type EngineRequestName,
  type EngineRequests,
} from "./protocol.ts";

/** A child process as both hosts offer it: `utilityProcess` in Electron, `child_process` elsewhere. */
export interface EngineProcess {
  send(call: EngineCall): void;
  onMessage(listener: (message: unknown) => void): void;
  onExit(listener: () => void): void;
  kill(): void;
}

/** `isAgain`: an earlier process of this role ended by itself. */
export type ForkEngine = (role: EngineRole, isAgain: boolean) => EngineProcess;
/** `maps` loads a runtime and runs models; `images` decodes and draws, and is never kept waiting by a run. */
export type EngineRole = "maps" | "images";

/** Thrown when the process ended under a call: the caller repeats it, or counts the crash. */
export class EngineStopped extends Error {
  override readonly name = "EngineStopped";
}

const triesPerCall = 3;

type FirstCall = Pick<EngineCall, "name" | "input">;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * The host's end of one engine process. It starts on the first call, and again on the first call after it died; what
 * was under way then fails with `EngineStopped`. Nothing the engine does can end the host.
 */
export class EngineClient {
  readonly role: EngineRole;
  #fork: ForkEngine;
  #process: EngineProcess | null = null;
  #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #isClosed = false;
  readonly #first: (() => FirstCall | null) | null;
  /** How often the process has been started after the first time. */
  restarts = -1;

  /** `first`: what the process is told when it starts for the first time; one that died is not told again. */
  constructor(
    role: EngineRole,
    forkEngine: ForkEngine = forkNode,
    first: (() => FirstCall | null) | null = null,
  ) {
    this.role = role;
    this.#fork = forkEngine;
    this.#first = first;
  }

  /**
   * The answer to one request; repeated when the process died under it.
   *
   * @throws AppError `engine/stopped` when it died under every try
   */
  async call<Name extends EngineRequestName>(
    name: Name,
    input: EngineRequests[Name]["in"],
    signal?: AbortSignal,
  ): Promise<EngineRequests[Name]["out"]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.callOnce(name, input, signal);
      } catch (cause) {
        if (!(cause instanceof EngineStopped) || this.#isClosed) throw cause;
        if (tries === triesPerCall) fail("engine/stopped", { restarts: triesPerCall }, { cause });
      }
    }
  }

  /** As `call`, without repeating: for requests that name a handle, which dies with the process. */
  callOnce<Name extends EngineRequestName>(
    name: Name,
    input: EngineRequests[Name]["in"],
    signal?: AbortSignal,
  ): Promise<EngineRequests[Name]["out"]> {
    signal?.throwIfAborted();
    // A request that comes, or is repeated, after the end must not start a process that nobody ends.
    if (this.#isClosed)
      return Promise.reject(new EngineStopped(`the ${this.role} engine is closed`));
    const child = (this.#process ??= this.#start());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(id);
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.set(id, {
        resolve: (value) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(value as EngineRequests[Name]["out"]); // sound: the child answers by the same table
        },
        reject: (cause) => {
          signal?.removeEventListener("abort", onAbort);
          reject(cause);
        },
      });
      child.send({ id, name, input });
    });
  }

  get isStarted(): boolean {
    return this.#process !== null;
  }

  /** Ends the process for good; calls under way fail with `EngineStopped`. */
  close(): void {
    this.#isClosed = true;
    this.#process?.kill();
    this.#end();
  }

  #start(): EngineProcess {
    this.restarts += 1;
    const child = this.#fork(this.role, this.restarts > 0);
    child.onMessage((message) => this.#take(message));
    child.onExit(() => {
      if (this.#process === child) this.#end();
    });
    const first = this.restarts === 0 ? this.#first?.() : null;
    if (first) child.send({ id: 0, ...first }); // nobody waits for the answer
    return child;
  }

  #end(): void {
    this.#process = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new EngineStopped(`the ${this.role} engine stopped`));
  }

  #take(message: unknown): void {
    const reply = engineReply.parse(message);
    if (reply.kind === "hello") {
      if (reply.version === protocolVersion) return;
      const mismatch = { host: protocolVersion, engine: reply.version };
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of waiting) reject(new AppError("engine/version", mismatch));
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return; // aborted meanwhile
    this.#waiting.delete(reply.id);
    if (reply.kind === "done") waiting.resolve(reply.result);
    else waiting.reject(fromJson(reply.error));
  }
}

function fromJson(error: ErrorJson): AppError {
  return new AppError(error.code, error.details);
}

/** Forks the engine under this Node; typed arrays cross by structured clone. */
export const forkNode: ForkEngine = (role, isAgain) => {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = new URL(isSource ? "./child.ts" : "./engine.js", import.meta.url);
  const child = fork(entry, [role, ...(isAgain ? ["again"] : [])], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  // A call to a child that has just died must not end the host: its exit rejects the call.
  child.on("error", () => child.kill());
  return {
    send: (call) => void child.send(call, () => undefined),
    onMessage: (listener) => void child.on("message", listener),
    onExit: (listener) => void child.once("exit", listener),
    kill: () => void child.kill("SIGKILL"),
  };
};
