import { join } from "node:path";
import { readStartOf, readWhole } from "../archives/files.ts";
import { directoryKey, readDirectory } from "../dicom/directory.ts";
import {
  headerBytes,
  isDicomName,
  mayBeDicomName,
  sniffDicom,
  type DicomHeader,
  type SniffedDicom,
} from "../dicom/header.ts";
import type { DicomKind } from "../../shared/errors/areas/dicom.ts";
import { inParallel } from "./in-parallel.ts";

/** What the files of a folder are as far as clinics' formats go. */
export interface ClinicFiles {
  /** DICOM images by path; null: damaged, so that decoding says what it lacks. */
  readonly images: ReadonlyMap<string, DicomHeader | null>;
  /** DICOM files without pixels, by kind. */
  readonly objects: Readonly<Partial<Record<DicomKind, number>>>;
  /** Paths of those, and of directories. */
  readonly objectPaths: ReadonlySet<string>;
  readonly directories: readonly DiscDirectory[];
  /** Files that could not be opened, and whose name does not tell what they are. */
  readonly unopened: readonly string[];
}

/** One DICOMDIR, and what it and the disc make of one another. */
export interface DiscDirectory {
  readonly path: string;
  /** Files it lists; null where it is damaged. */
  readonly listed: number | null;
  /** Images it lists that are not there, as it writes their paths. */
  readonly missing: readonly string[];
  /** DICOM images beside it that it does not list. */
  readonly unlisted: number;
  /** Other pictures beside it: the viewer's, not the patient's. */
  readonly viewer: readonly string[];
}

/** Most bytes of a DICOMDIR: some hundred thousand records. */
const directoryBytes = 256_000_000;

/** Looks into every file that may be DICOM by its name, and reads discs through their directories. */
export async function findClinicFiles(
  folder: string,
  paths: readonly string[],
  isPicture: (path: string) => boolean,
  options: { readonly signal?: AbortSignal | undefined; readonly labelTag?: number | null },
): Promise<ClinicFiles> {
  const { signal, labelTag = null } = options;
  const images = new Map<string, DicomHeader | null>();
  const objects: Partial<Record<DicomKind, number>> = {};
  const unopened: string[] = [];
  const objectPaths = new Set<string>();
  const candidates = paths.filter(mayBeDicomName);
  const sniffed = await inParallel(candidates, 16, async (path) => {
    signal?.throwIfAborted();
    try {
      return await sniffFile(join(folder, path), labelTag);
    } catch {
      signal?.throwIfAborted();
      return null; // gone or forbidden
    }
  });
  for (const [at, path] of candidates.entries()) {
    const found = sniffed[at];
    // A name that only DICOM has keeps its row, which then says what is wrong.
    if (!found && isDicomName(path)) images.set(path, null);
    else if (!found) unopened.push(path);
    if (found?.kind === "image") images.set(path, found.header);
    if (found?.kind === "object") objectPaths.add(path);
    // A directory is read through, or said to be damaged.
    if (found?.kind === "object" && found.what !== "directory")
      objects[found.what] = (objects[found.what] ?? 0) + 1;
  }
  const directories: DiscDirectory[] = [];
  for (const path of paths.filter((one) => /(^|\/)DICOMDIR$/i.test(one)))
    directories.push(await readDisc(folder, path, paths, images, isPicture));
  return { images, objects, objectPaths, directories, unopened };
}

/** Most files are told by their first bytes; what looks like DICOM is read as far as its pixels, and no further. */
async function sniffFile(path: string, labelTag: number | null): Promise<SniffedDicom> {
  const { start, bytes } = await readStartOf(path, headerBytes.usual);
  const found = sniffDicom(start, bytes, labelTag);
  const isTold = found.kind === "none" || (found.kind === "image" && found.header?.isWhole);
  if (isTold || bytes <= start.length) return found;
  return sniffDicom((await readStartOf(path, headerBytes.most)).start, bytes, labelTag);
}

async function readDisc(
  folder: string,
  path: string,
  paths: readonly string[],
  images: ReadonlyMap<string, DicomHeader | null>,
  isPicture: (path: string) => boolean,
): Promise<DiscDirectory> {
  const bytes = await readWhole(join(folder, path), directoryBytes, () => {
    throw new RangeError("a DICOMDIR of this size");
  }).catch(() => null);
  const listed = bytes && readDirectory(bytes);
  const disc = path.slice(0, path.lastIndexOf("/") + 1);
  if (!listed) return { path, listed: null, missing: [], unlisted: 0, viewer: [] };
  const below = paths.filter((one) => one.startsWith(disc));
  const there = new Set(below.map((one) => directoryKey(one.slice(disc.length))));
  const known = new Set(listed.map((one) => directoryKey(one.path)));
  const missing = listed.filter((one) => one.isImage && !there.has(directoryKey(one.path)));
  const isListed = (one: string) => known.has(directoryKey(one.slice(disc.length)));
  return {
    path,
    listed: listed.length,
    missing: [...new Set(missing.map((one) => disc + one.path))].sort(),
    unlisted: below.filter((one) => images.has(one) && !isListed(one)).length,
    viewer: below.filter((one) => !images.has(one) && isPicture(one) && !isListed(one)),
  };
}
