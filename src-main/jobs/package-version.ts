import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The version that a package file, from the root of the app, states. */
export function packageVersion(path: string): string {
  const text = readFileSync(join(import.meta.dirname, "../..", path), "utf8");
  return (JSON.parse(text) as { version: string }).version; // npm's own files
}
