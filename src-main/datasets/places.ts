import { createHmac, randomBytes } from "node:crypto";
import { opendir, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Place } from "../../shared/contract/places.ts";
import { placeIdSchema } from "../../shared/contract/schemas.ts";
import type { PlaceId } from "../../shared/domain/ids.ts";
import { fail } from "../../shared/errors/app-error.ts";
import { isArchiveName } from "./archive-members.ts";
import { inParallel } from "./in-parallel.ts";
import { extensionOf, isImageName } from "./listing.ts";

/** One folder as the chooser shows it. */
export interface PlaceList {
  readonly shownPath: string;
  readonly parent: PlaceId | null;
  readonly entries: readonly Place[];
}

/** Opaque names of files and folders, so that no path is ever typed or sent. */
export interface Places {
  /** A folder's entries, or the roots without a place. Links that lead out of what may be read are left out. */
  list(place: PlaceId | null): Promise<PlaceList>;
  /** The real path of a place, its links resolved now: one that leads outside by now is refused. */
  resolve(place: PlaceId): Promise<string>;
  /**
   * For the host alone: the id of a path that a person named by hand (an argument, a native dialog, a drop). It and
   * what lies below it may then be read even outside the roots. The path need not exist yet.
   */
  idFor(path: string): Promise<PlaceId>;
}

/**
 * Places below the roots. An id is a keyed hash of the path, so the same path has the same id while this process runs,
 * and none can be made up; ids end with the process.
 *
 * @param roots asked again at each listing of the roots, since drives come and go
 */
export function createPlaces({ roots }: { roots: () => Promise<readonly string[]> }): Places {
  const key = randomBytes(32);
  const paths = new Map<PlaceId, string>();
  const granted = new Set<string>();

  const remember = (path: string): PlaceId => {
    const hash = createHmac("sha256", key).update(path).digest("base64url");
    const id = placeIdSchema.parse(hash);
    paths.set(id, path);
    return id;
  };
  const realRoots = async () => {
    const found = await Promise.all(
      (await roots()).map((root) => realpath(root).catch(() => null)),
    );
    return [...new Set(found.filter((path) => path !== null))];
  };
  const mayRead = (path: string, allowed: readonly string[]) =>
    [...allowed, ...granted].some((root) => isInside(root, path));
  const resolvePlace = async (place: PlaceId) => {
    const path = paths.get(place) ?? fail("place/unknown", {});
    const real = await realPathOf(path);
    if (!mayRead(real, await realRoots())) fail("place/outside", { path });
    return real;
  };

  return {
    async list(place) {
      if (place === null) {
        const entries = await inParallel(await realRoots(), 8, (root) => describe(root, remember));
        return { shownPath: "", parent: null, entries: entries.filter((entry) => entry !== null) };
      }
      const folder = await resolvePlace(place);
      const allowed = await realRoots();
      const names = await namesIn(folder);
      const entries = await inParallel(names, 16, async (name) => {
        const real = await realpath(join(folder, name)).catch(() => null);
        return real !== null && mayRead(real, allowed) ? describe(real, remember, name) : null;
      });
      const parent = dirname(folder);
      return {
        shownPath: folder,
        parent: parent !== folder && mayRead(parent, allowed) ? remember(parent) : null,
        entries: entries.filter((entry) => entry !== null).sort(byKindAndName),
      };
    },
    resolve: resolvePlace,
    async idFor(path) {
      const real = await realPathOf(resolve(path));
      granted.add(real);
      return remember(real);
    },
  };
}

/** The path with its links resolved as far as it exists. */
async function realPathOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  const parent = dirname(path);
  return parent === path ? path : join(await realPathOf(parent), basename(path));
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(".." + sep) && !isAbsolute(way);
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder, { bufferSize: 512 })) {
      if (!name.startsWith(".")) names.push(name);
    }
  } catch (cause) {
    fail("place/unreadable", { path: folder }, { cause });
  }
  return names;
}

async function describe(
  path: string,
  remember: (path: string) => PlaceId,
  name = basename(path) || path,
): Promise<Place | null> {
  const found = await stat(path).catch(() => null);
  if (!found || !(found.isDirectory() || found.isFile())) return null;
  return {
    id: remember(path),
    name,
    kind: kindOf(name, found.isDirectory()),
    bytes: found.isFile() ? found.size : null,
    modifiedAt: found.mtime.toISOString(),
  };
}

const modelExtensions = new Set([".onnx", ".pb"]);
const labelExtensions = new Set(".csv .tsv .txt .tab .json .xml .yaml .yml .names".split(" "));

function kindOf(name: string, isFolder: boolean): Place["kind"] {
  const extension = extensionOf(name);
  if (isFolder) return extension === ".hansight" ? "audit" : "folder";
  if (isImageName(name)) return "image";
  if (isArchiveName(name)) return "archive";
  if (modelExtensions.has(extension) || name === "model.json") return "model";
  return labelExtensions.has(extension) ? "labels" : "file";
}

const inLanguageOrder = new Intl.Collator("en", { numeric: true });

function byKindAndName(a: Place, b: Place): number {
  const isFolder = (place: Place) => Number(place.kind === "folder" || place.kind === "audit");
  return isFolder(b) - isFolder(a) || inLanguageOrder.compare(a.name, b.name);
}
