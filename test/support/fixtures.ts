import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../shared/fixtures");

/** The shared fixtures beside the checkout, or null where they are not laid out. */
export const fixturesFolder: string | null = existsSync(folder) ? folder : null;

/** Path of one fixture; throws where the fixtures are absent, so guard with `fixturesFolder`. */
export function fixture(path: string): string {
  if (!fixturesFolder) throw new Error("the fixtures are not beside this checkout");
  return join(fixturesFolder, path);
}
