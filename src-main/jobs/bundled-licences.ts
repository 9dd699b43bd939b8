import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Licence } from "../../shared/contract/settings.ts";

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const lockFile = join(import.meta.dirname, "../..", "package-lock.json");

/** Packages that come with the app and what each may be used under, by name, from the lock that it was built with. */
export function bundledLicences(file: string = lockFile): Licence[] {
  const lock = JSON.parse(readFileSync(file, "utf8")) as {
    readonly packages: Readonly<Record<string, Locked>>;
  }; // npm's own file
  const found = new Map<string, Licence>();
  for (const [path, { version, license, dev, link }] of Object.entries(lock.packages)) {
    if (path === "" || dev || link || version === undefined) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    found.set(`${name}@${version}`, { name, version, licence: license ?? null });
  }
  return [...found.values()].toSorted(
    (a, b) => a.name.localeCompare(b.name, "en") || a.version.localeCompare(b.version, "en"),
  );
}
