import { rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { ExportedGraph } from "../../shared/domain/exported-graph.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { fail } from "../../shared/errors/app-error.ts";
import type { EngineClient } from "../engine/client.ts";
import { storageFailure } from "../store/storage-failure.ts";
import { packageVersion } from "./package-version.ts";

export interface ExportGraphRequest {
  /** Real paths; `out` need not exist. */
  readonly model: string;
  readonly out: string;
  readonly method: MethodId;
  /** null: the default tap. */
  readonly tap: string | null;
  readonly existing: "refuse" | "replace";
}

/** Writes the model with its map as a second output into one ONNX file, after it was run and compared. */
export async function exportGraph(
  request: ExportGraphRequest,
  engine: EngineClient,
  signal: AbortSignal | undefined,
): Promise<ExportedGraph> {
  const { model, out, method, tap, existing } = request;
  const file = basename(out);
  // An ending of its own, so that weights beside a model are out of reach of --force too.
  if (!/\.onnx$/i.test(out)) fail("export/not-onnx", { file });
  await stat(dirname(out)).catch(() => fail("place/not-found", { path: dirname(out) }));
  const [source, found] = await Promise.all(
    [model, out].map((path) => stat(path).catch(() => null)),
  );
  if (model === out || (found && found.ino === source?.ino && found.dev === source.dev))
    fail("export/over-model", { file });
  if (found && (existing === "refuse" || !found.isFile())) fail("export/exists", { file });

  const version = packageVersion("package.json");
  const { bytes, ...about } = await engine.call(
    "exportGraph",
    { modelPath: model, method, tap, version },
    signal,
  );
  await (found ? replace(out, bytes) : create(out, bytes));
  return { file, bytes: bytes.length, ...about };
}

/** A file that appeared meanwhile stays; half a file does not. */
async function create(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: "wx" });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST")
      fail("export/exists", { file: basename(path) }, { cause });
    await rm(path, { force: true });
    storageFailure(cause, basename(path), dirname(path));
  }
}

/** The old file stays whole until the new one is. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    storageFailure(cause, basename(path), dirname(path));
  }
}
