import { join } from "node:path";
import { BadArchive, openArchive, type RefusedMember } from "../archives/zip.ts";

/** Paths below a folder with the archives among them replaced by what they hold. */
export interface Expanded {
  readonly paths: readonly string[];
  readonly archives: ArchiveCounts;
}

export interface ArchiveCounts {
  readonly read: number;
  /** Paths of what is called an archive and is none. */
  readonly damaged: readonly string[];
  readonly refused: Readonly<Record<RefusedMember, number>>;
}

/** Whether a name is an archive's. */
export function isArchiveName(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** Reads the directory of every archive among `paths`; what `isPassedOver` names is left out inside them too. */
export async function expandArchives(
  folder: string,
  paths: readonly string[],
  isPassedOver: (name: string) => boolean,
): Promise<Expanded> {
  const refused = { outside: 0, encrypted: 0, bomb: 0 };
  const damaged: string[] = [];
  const found: string[] = [];
  let read = 0;
  for (const path of paths) {
    const file = join(folder, path); // the folder itself may be one
    if (!isArchiveName(file)) {
      found.push(path);
      continue;
    }
    const members = await membersOf(file);
    if (!members) {
      damaged.push(path);
      found.push(path);
      continue;
    }
    read++;
    const names = members.names.filter((name) => !name.split("/").some(isPassedOver));
    const prefix = path === "" ? "" : path + "/";
    for (const name of names.toSorted()) found.push(prefix + name);
    for (const why of ["outside", "encrypted", "bomb"] as const)
      refused[why] += members.refused[why];
  }
  return { paths: found, archives: { read, damaged, refused } };
}

async function membersOf(path: string) {
  try {
    const { members, refused } = await openArchive(path);
    return { names: [...members.keys()], refused };
  } catch (cause) {
    const isGone = cause instanceof Error && "syscall" in cause;
    if (cause instanceof BadArchive || isGone) return null;
    throw cause;
  }
}
