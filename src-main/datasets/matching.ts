import { setImmediate as breathe } from "node:timers/promises";
import { isImageName } from "./listing.ts";

/** Where a written file name leads: to one listed file, to none, or to several that cannot be told apart. */
export type Match =
  | { readonly kind: "one"; readonly at: number }
  | { readonly kind: "none"; readonly why: "absent" | "ambiguous" | "outside" };

/** Finds listed files by the names that label files write. Only listed files can be found, so nothing else is read. */
export interface FileIndex {
  find(written: string): Match;
}

/**
 * By relative path, then by unique base name; a name without an image's extension is a path or name less its
 * extension. Where several files share the base name, the written path must end with the listed one or the other way
 * round. A path that climbs out with ".." matches nothing. `instanceUids` of DICOM images, in the order of the paths, are
 * names of theirs too.
 */
export async function indexFiles(
  paths: readonly string[],
  folder: string,
  isKnownName: (name: string) => boolean = isImageName,
  instanceUids: readonly (string | null)[] = [],
): Promise<FileIndex> {
  const byPath = new Map<string, number>();
  const byName = new Map<string, number[]>();
  const byStem = new Map<string, number[]>();
  const keys: string[] = [];
  for (const [at, path] of paths.entries()) {
    const key = path.normalize("NFC");
    keys.push(key);
    byPath.set(key, at);
    append(byName, baseName(key), at);
    append(byStem, stemOf(baseName(key)), at);
    if (at % 20_000 === 19_999) await breathe();
  }
  const byUid = new Map<string, number[]>();
  for (const [at, uid] of instanceUids.entries()) if (uid) append(byUid, uid, at);
  const root = folder.replaceAll("\\", "/").normalize("NFC").replace(/\/*$/, "/");

  const pick = (found: readonly number[], key: string, shorten: (key: string) => string): Match => {
    const [only] = found;
    if (found.length === 1 && only !== undefined) return { kind: "one", at: only };
    const ending = found.filter((at) => sharesEnding(shorten(keys[at] ?? ""), key));
    const [best] = ending;
    if (ending.length === 1 && best !== undefined) return { kind: "one", at: best };
    return { kind: "none", why: found.length > 0 ? "ambiguous" : "absent" };
  };

  return {
    find(written) {
      const ofUid = byUid.get(written.trim());
      const [only] = ofUid ?? [];
      if (ofUid?.length === 1 && only !== undefined) return { kind: "one", at: only };
      const key = normalisePath(written, root);
      if (key === null) return { kind: "none", why: "outside" };
      const exact = byPath.get(key);
      if (exact !== undefined) return { kind: "one", at: exact };
      const named = byName.get(baseName(key));
      if (named) return pick(named, key, (path) => path);
      if (isKnownName(key)) return { kind: "none", why: "absent" };
      return pick(byStem.get(baseName(key)) ?? [], key, stemOf);
    },
  };
}

/** A path less its extension. */
export function stemOf(path: string): string {
  const dot = path.lastIndexOf(".");
  return dot > path.lastIndexOf("/") + 1 ? path.slice(0, dot) : path;
}

/** The folders of a path; "" where it lies in none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** "/"-separated, without dots, relative where it lies under `root`; null where it climbs out. */
function normalisePath(written: string, root: string): string | null {
  let path = written.trim().replaceAll("\\", "/").normalize("NFC");
  if (path.startsWith(root)) path = path.slice(root.length);
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

function sharesEnding(a: string, b: string): boolean {
  return a.endsWith("/" + b) || b.endsWith("/" + a) || a === b;
}

function append(map: Map<string, number[]>, key: string, at: number): void {
  const found = map.get(key);
  if (found) found.push(at);
  else map.set(key, [at]);
}
