import { parentPort } from "node:worker_threads";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import { readPicture } from "./read-picture.ts";
import type { ReaderCall, ReaderReply } from "./reader-pool.ts";

/** Entry of a reader thread: one picture at a time, so that decoding never waits for a model's run. */
parentPort?.on("message", ({ id, path, preparation }: ReaderCall) => {
  const post = (reply: ReaderReply, transfer: readonly ArrayBuffer[] = []) =>
    parentPort?.postMessage(reply, transfer);
  readPicture(path, preparation).then(
    (picture) => post({ id, picture }, [picture.input.buffer]),
    (cause: unknown) => post({ id, error: toErrorJson(cause) }),
  );
});
