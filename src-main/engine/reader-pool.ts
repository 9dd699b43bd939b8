import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Preparation } from "../../shared/domain/preparation.ts";
import { AppError, type ErrorJson } from "../../shared/errors/app-error.ts";
import type { ReadPicture } from "./read-picture.ts";

export interface ReaderCall {
  readonly id: number;
  readonly path: string;
  readonly preparation: Preparation;
}

export type ReaderReply = { readonly id: number } & (
  { readonly picture: ReadPicture } | { readonly error: ErrorJson }
);

interface Waiting {
  readonly resolve: (picture: ReadPicture) => void;
  readonly reject: (cause: Error) => void;
}

interface Reader {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Threads that read pictures: the runtime's binding holds this thread while a model runs. */
const threads = Math.max(1, Math.min(4, availableParallelism()));

/**
 * Reads pictures in threads of its own, in any order. A thread that dies fails what it was reading and is replaced. Idle
 * threads do not keep the process alive.
 */
export class ReaderPool {
  readonly #readers: Reader[] = [];
  #lastId = 0;

  read(path: string, preparation: Preparation): Promise<ReadPicture> {
    const reader = this.#leastBusy();
    const call: ReaderCall = { id: ++this.#lastId, path, preparation };
    return new Promise<ReadPicture>((resolve, reject) => {
      reader.waiting.set(call.id, { resolve, reject });
      reader.worker.ref();
      reader.worker.postMessage(call);
    });
  }

  async close(): Promise<void> {
    const readers = this.#readers.splice(0);
    await Promise.all(readers.map(({ worker }) => worker.terminate()));
  }

  #leastBusy(): Reader {
    const [idlest] = this.#readers.toSorted((a, b) => a.waiting.size - b.waiting.size);
    const isFull = this.#readers.length >= threads;
    return idlest && (isFull || idlest.waiting.size === 0) ? idlest : this.#start();
  }

  #start(): Reader {
    const reader: Reader = { worker: new Worker(entry()), waiting: new Map() };
    this.#readers.push(reader);
    reader.worker.on("message", (reply: ReaderReply) => {
      const waiting = reader.waiting.get(reply.id);
      reader.waiting.delete(reply.id);
      if (reader.waiting.size === 0) reader.worker.unref();
      if ("picture" in reply) waiting?.resolve(reply.picture);
      else waiting?.reject(new AppError(reply.error.code, reply.error.details));
    });
    const end = (cause: Error) => {
      const at = this.#readers.indexOf(reader);
      if (at >= 0) this.#readers.splice(at, 1);
      for (const { reject } of reader.waiting.values()) reject(cause);
      reader.waiting.clear();
    };
    reader.worker.on("error", end);
    reader.worker.on("exit", (code) => end(new Error(`a reader thread ended with ${code}`)));
    return reader;
  }
}

/** Beside this file as source; beside the bundle when packed. */
function entry(): URL {
  const isSource = import.meta.url.endsWith(".ts");
  return new URL(isSource ? "./reader-worker.ts" : "./reader.js", import.meta.url);
}
