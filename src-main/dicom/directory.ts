import { Damage } from "./damage.ts";
import { openPart10 } from "./part10.ts";

/** One file that a disc's directory lists. */
export interface ListedByDirectory {
  /** Path below the folder of the DICOMDIR, "/"-separated, as written: mostly in capitals. */
  readonly path: string;
  readonly isImage: boolean;
}

/**
 * Files that a DICOMDIR lists, in its order; null where it is no directory or damaged. Offsets between records are
 * not followed: they may lie, and every record is there in sequence.
 */
export function readDirectory(bytes: Uint8Array): readonly ListedByDirectory[] | null {
  try {
    const opened = openPart10(bytes);
    if (!opened || !opened.dataSet.elements.has(0x00041220)) return null;
    return opened.dataSet.items(0x00041220).flatMap((record): ListedByDirectory[] => {
      const parts = record.texts(0x00041500).filter((part) => part !== "");
      const isPlain = parts.every((part) => part !== "." && part !== ".." && !/[/\\\0]/.test(part));
      if (parts.length === 0 || !isPlain) return [];
      return [{ path: parts.join("/"), isImage: record.text(0x00041430) === "IMAGE" }];
    });
  } catch (cause) {
    if (cause instanceof Damage || cause instanceof RangeError) return null;
    throw cause;
  }
}

/** A path as a directory and a disc's file system may write it differently: case, a version behind ";", a last dot. */
export function directoryKey(path: string): string {
  return path
    .toUpperCase()
    .split("/")
    .map((part) => part.replace(/;\d+$/, "").replace(/\.$/, ""))
    .join("/");
}
