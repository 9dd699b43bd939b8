import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { AuditReader } from "../store/audit-reader.ts";

/** Hashes of files by path, size and time of change: a model is read once, and again when it changed. */
const hashes = new Map<string, Promise<string>>();

/** Names of models whose file is not the one that was added to the audit any more; a file that is gone counts too. */
export async function changedModels(store: AuditReader): Promise<string[]> {
  const names = await Promise.all(
    store.models().map(async ({ id }) => {
      const { path, description } = store.model(id);
      const sha256 = await hashOf(path).catch(() => null);
      return sha256 === description.sha256 ? [] : [description.fileName];
    }),
  );
  return names.flat();
}

async function hashOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path}\n${size}\n${mtimeMs}`;
  const known = hashes.get(key) ?? hashFile(path);
  hashes.set(key, known);
  return known;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer); // a stream of bytes gives no text
  return hash.digest("hex");
}
