import { opendir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { findFile } from "../archives/files.ts";
import type { DicomHeader } from "../dicom/header.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { expandArchives, isArchiveName, type ArchiveCounts } from "./archive-members.ts";
import { findClinicFiles, type ClinicFiles } from "./clinic-files.ts";
import { inParallel } from "./in-parallel.ts";

/**
 * What lies in a folder, or an archive, nested as deep as it goes; nothing is written, and nothing opened but archives,
 * which are read in place, and what may be DICOM by its name or lack of one: such a file is an image where its header
 * says so, and counted among the others if not.
 *
 * Order: depth first, folders and files of one folder together, by name in code-unit order ("a/2" before "a-1"), so
 * that the same files give the same numbers on every system. Hidden files, audits and the litter of file managers are
 * passed over. Real folders are walked first; a link is then followed once, where it leads to something not yet seen.
 *
 * The walk counts names only, which is why counts are there long before sizes: files are looked at afterwards, and only
 * those with an image's extension.
 */
export interface Listing {
  readonly folder: string;
  /** The folder with its links resolved: paths inside it start with this. */
  readonly realFolder: string;
  readonly images: readonly ListedFile[];
  /** Extension with its dot, in lower case → count; images and others. */
  readonly formats: Readonly<Record<string, number>>;
  /** Paths of files without an image's extension. */
  readonly others: readonly string[];
  readonly links: LinkCounts;
  readonly archives: ArchiveCounts;
  readonly clinic: Pick<ClinicFiles, "objects" | "objectPaths" | "directories">;
  /** Names that vanished or may not be looked at. */
  readonly unreachable: readonly string[];
}

export interface ListedFile {
  /** Below the folder, "/"-separated. */
  readonly path: string;
  readonly absolutePath: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Header of a DICOM image; null for other pictures and where it is damaged. */
  readonly dicom: DicomHeader | null;
  readonly isDicom: boolean;
  /** A disc's directory lists it, or it was there a moment ago: it has a row that says so, and a place to come back to. */
  readonly isMissing: boolean;
}

export interface LinkCounts {
  followed: number;
  /** Led to something listed already. */
  repeated: number;
  /** Led nowhere, or outside what may be read. */
  refused: number;
}

export interface ListingProgress {
  readonly phase: "counting" | "listing" | "evidence";
  readonly done: number;
  /** null while the total is being counted. */
  readonly total: number | null;
}

export interface ListingOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ListingProgress) => void) | undefined;
  /** Whether a link may lead to this real path; without it every link is followed. */
  readonly isAllowed?: ((realPath: string) => boolean) | undefined;
  /** A DICOM attribute whose value is each image's label. */
  readonly labelTag?: number | null | undefined;
}

const imageExtensions = new Set(
  "jpg jpeg jpe jfif png webp tif tiff gif bmp dib avif".split(" ").map((name) => "." + name),
);

/** Whether a file name ends as a picture that Hansight reads does. */
export function isImageName(name: string): boolean {
  return imageExtensions.has(extensionOf(name));
}

/** Extension with its dot in lower case; "" without one. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > name.lastIndexOf("/") + 1 ? name.slice(dot).toLowerCase() : "";
}

/** Lists a folder's images with size and time, and counts everything else. */
export async function listFolder(folder: string, options: ListingOptions = {}): Promise<Listing> {
  const walked = await walk(folder, options);
  const formats = new Map<string, number>();
  const imagePaths: string[] = [];
  const others: string[] = [];
  const { paths, archives } = await expandArchives(folder, walked.paths, isPassedOver);
  const { signal, labelTag = null } = options;
  const clinic = await findClinicFiles(folder, paths, isImageName, { signal, labelTag });
  const unopened = new Set(clinic.unopened);
  const ofViewers = new Set(clinic.directories.flatMap(({ viewer }) => viewer));
  for (const [at, path] of paths.entries()) {
    const extension = extensionOf(path);
    formats.set(extension, (formats.get(extension) ?? 0) + 1);
    const isPicture = imageExtensions.has(extension) && !ofViewers.has(path);
    if (unopened.has(path)) continue;
    (isPicture || clinic.images.has(path) ? imagePaths : others).push(path);
    if (at % 20_000 === 19_999) await breathe();
  }
  const looked = await lookAt(folder, imagePaths, clinic.images, options);
  const missing = clinic.directories.flatMap((directory) => directory.missing);
  const listed = [...looked, ...missing.map((path) => absent(folder, path, true))];
  const { objects, objectPaths, directories } = clinic;
  return {
    folder,
    realFolder: walked.realFolder,
    images: listed,
    formats: Object.fromEntries([...formats].sort((a, b) => b[1] - a[1])),
    others,
    links: walked.links,
    archives,
    clinic: { objects, objectPaths, directories },
    unreachable: [...walked.unreachable, ...clinic.unopened],
  };
}

interface FolderNode {
  readonly files: string[];
  readonly folders: Map<string, FolderNode>;
}

/** Every file's path below `folder`, in the listing's order. */
async function walk(folder: string, options: ListingOptions) {
  const { signal, onProgress, isAllowed = () => true } = options;
  const realFolder = await realpath(folder).catch((cause: unknown) =>
    fail("dataset/not-found", { folder }, { cause }),
  );
  const links: LinkCounts = { followed: 0, repeated: 0, refused: 0 };
  if (!(await stat(realFolder)).isDirectory()) {
    if (!isArchiveName(realFolder)) fail("dataset/not-a-folder", { folder });
    return { realFolder, paths: [""], links, unreachable: [] }; // the archive itself, to be expanded
  }
  const unreachable: string[] = [];
  const root: FolderNode = { files: [], folders: new Map() };
  const waitingLinks: { node: FolderNode; name: string; path: string }[] = [];
  const realFolders = new Map<string, FolderNode>();
  const linkedFiles = new Set<string>();
  let count = 0;

  const namesIn = new Map<FolderNode, Set<string>>();
  const isListed = (realPath: string) => {
    const node = realFolders.get(dirname(realPath));
    if (linkedFiles.has(realPath) || !node) return linkedFiles.has(realPath);
    const names = namesIn.get(node) ?? new Set(node.files);
    namesIn.set(node, names);
    return names.has(basename(realPath));
  };

  const readFolder = async (node: FolderNode, path: string, realPath: string) => {
    realFolders.set(realPath, node);
    const below: (readonly [FolderNode, string, string])[] = [];
    try {
      for await (const entry of await opendir(realPath, { bufferSize: 512 })) {
        signal?.throwIfAborted();
        const { name } = entry;
        if (isPassedOver(name)) continue;
        if (entry.isSymbolicLink()) {
          waitingLinks.push({ node, name, path: path + name });
        } else if (entry.isDirectory()) {
          const child: FolderNode = { files: [], folders: new Map() };
          node.folders.set(name, child);
          below.push([child, path + name + "/", realPath + sep + name]);
        } else if (entry.isFile()) {
          node.files.push(name);
          if (++count % 1000 === 0) onProgress?.({ phase: "counting", done: count, total: null });
        }
      }
    } catch (cause) {
      signal?.throwIfAborted();
      if (path === "") fail("dataset/no-permission", { folder }, { cause });
      unreachable.push(path);
    }
    return below;
  };

  let waiting: (readonly [FolderNode, string, string])[] = [[root, "", trimSeparator(realFolder)]];
  while (waiting.length > 0) {
    const found = await inParallel(waiting, 8, (next) => readFolder(...next));
    waiting = found.flat();
    if (waiting.length > 0) continue;
    // Only now, with every real folder known, can a link be told to lead somewhere new.
    for (const link of waitingLinks.splice(0).sort((a, b) => (a.path < b.path ? -1 : 1))) {
      signal?.throwIfAborted();
      const target = await followLink(join(folder, link.path));
      if (!target || !isAllowed(target.realPath)) links.refused++;
      else if (target.isFolder && !realFolders.has(target.realPath)) {
        const child: FolderNode = { files: [], folders: new Map() };
        link.node.folders.set(link.name, child);
        realFolders.set(target.realPath, child);
        waiting.push([child, link.path + "/", target.realPath]);
        links.followed++;
      } else if (!target.isFolder && !isListed(target.realPath)) {
        link.node.files.push(link.name);
        linkedFiles.add(target.realPath);
        count++;
        links.followed++;
      } else links.repeated++;
    }
  }
  onProgress?.({ phase: "counting", done: count, total: count });
  return { realFolder, paths: await inOrder(root), links, unreachable };
}

const litter = new Set(["thumbs.db", "desktop.ini", "__macosx"]);

function isPassedOver(name: string): boolean {
  return name.startsWith(".") || name.endsWith(".hansight") || litter.has(name.toLowerCase());
}

async function followLink(path: string) {
  try {
    const realPath = await realpath(path);
    const found = await stat(realPath);
    if (!found.isDirectory() && !found.isFile()) return null;
    return { realPath, isFolder: found.isDirectory() };
  } catch {
    return null; // it leads nowhere, or in a circle
  }
}

const trimSeparator = (path: string) => (path.endsWith(sep) ? path.slice(0, -1) : path);

async function inOrder(root: FolderNode): Promise<string[]> {
  const paths: string[] = [];
  let sinceBreath = 0;
  const visit = async (node: FolderNode, prefix: string): Promise<void> => {
    const names = [...node.files, ...node.folders.keys()].sort();
    for (const name of names) {
      const child = node.folders.get(name);
      if (child) await visit(child, prefix + name + "/");
      else paths.push(prefix + name);
    }
    sinceBreath += names.length;
    if (sinceBreath > 10_000) {
      sinceBreath = 0;
      await breathe();
    }
  };
  await visit(root, "");
  return paths;
}

/** Files with size and time. What vanished since it was counted stays listed, as missing: a disc may come back. */
async function lookAt(
  folder: string,
  paths: readonly string[],
  dicom: ClinicFiles["images"],
  { signal, onProgress }: ListingOptions,
): Promise<ListedFile[]> {
  let done = 0;
  const looked = await inParallel(paths, 32, async (path): Promise<ListedFile> => {
    signal?.throwIfAborted();
    const absolutePath = join(folder, path);
    const found = await findFile(absolutePath).catch(() => null);
    if (++done % 1000 === 0) onProgress?.({ phase: "listing", done, total: paths.length });
    const isDicom = dicom.has(path);
    const header = dicom.get(path) ?? null;
    if (!found) return { ...absent(folder, path, isDicom), dicom: header };
    return { path, absolutePath, ...found, dicom: header, isDicom, isMissing: false };
  });
  onProgress?.({ phase: "listing", done: paths.length, total: paths.length });
  return looked;
}

function absent(folder: string, path: string, isDicom: boolean): ListedFile {
  const absolutePath = join(folder, path);
  return { path, absolutePath, bytes: 0, modifiedMs: 0, dicom: null, isDicom, isMissing: true };
}
