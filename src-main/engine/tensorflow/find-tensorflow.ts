import { existsSync, readdirSync, type Dirent } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where TensorFlow is: a wheel, or a folder with its libraries and headers. */
export type TensorFlowPlace =
  | { readonly kind: "wheel"; readonly path: string }
  | { readonly kind: "folder"; readonly path: string };

/** Names of TensorFlow's two libraries in a folder, the one with the C interface first; null where they are not. */
export function librariesIn(folder: string): readonly string[] | null {
  const names = namesIn(folder);
  const pairs = [
    [/^libtensorflow_cc\.(so\.2|2\.dylib)$/, /^libtensorflow_framework\.(so\.2|2\.dylib)$/],
    [/^libtensorflow\.(so|so\.2|2\.dylib)$/, /^libtensorflow_framework\.(so|so\.2|2\.dylib)$/],
  ];
  for (const pair of pairs) {
    const found = pair.map((pattern) => names.find((name) => pattern.test(name)));
    if (found.every((name) => name !== undefined)) return found;
  }
  return null;
}

/** What a path given by name is: a wheel, the folder of an installed TensorFlow, or an unpacked C library. */
export function placeAt(path: string): TensorFlowPlace | null {
  if (path.endsWith(".whl")) return existsSync(path) ? { kind: "wheel", path } : null;
  const folders = [path, join(path, "lib"), join(path, "tensorflow")];
  const folder = folders.find((one) => librariesIn(one) !== null);
  return folder === undefined ? null : { kind: "folder", path: folder };
}

const roots = ["/opt", "/usr/local", "/usr/lib", "/srv", "/var/lib"];
const deepest = 6;
const mostFolders = 20_000;
const passedOver = new Set([
  "node_modules",
  "proc",
  "sys",
  "dev",
  ".git",
  "doc",
  "share",
  "modules",
]);

/**
 * `$HANSIGHT_TENSORFLOW`, else the first TensorFlow found below the usual places and the home folder: installed ones before
 * wheels.
 */
export function findTensorFlow(
  environment: NodeJS.ProcessEnv = process.env,
): TensorFlowPlace | null {
  const named = environment["HANSIGHT_TENSORFLOW"];
  if (named) return placeAt(named);
  const python = [environment["VIRTUAL_ENV"], environment["CONDA_PREFIX"]].filter(
    (path) => path !== undefined,
  );
  let wheel: TensorFlowPlace | null = null;
  let open = [...python, ...roots, homedir()];
  for (let depth = 0, seen = 0; depth <= deepest && open.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of open) {
      if (++seen > mostFolders) return wheel;
      if (folder.endsWith("tensorflow") && librariesIn(folder))
        return { kind: "folder", path: folder };
      for (const entry of entriesIn(folder)) {
        const path = join(folder, entry.name);
        if (entry.isFile() && /^tensorflow(_cpu)?-2.*\.whl$/.test(entry.name))
          wheel ??= { kind: "wheel", path };
        if (entry.isDirectory() && !passedOver.has(entry.name)) next.push(path);
      }
    }
    open = next;
  }
  return wheel;
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not ours to read
  }
}

function namesIn(folder: string): string[] {
  return entriesIn(folder).map(({ name }) => name);
}
