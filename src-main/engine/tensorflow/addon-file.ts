import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Name of the package's native part on every platform. */
export const addonName = "tfjs_binding.node";

/**
 * Where `npm run setup:tensorflow` puts the native add-on: outside the packages, so that a fresh install of them does not
 * lose it. `$HANSIGHT_TENSORFLOW_ADDON` names another folder.
 */
export function addonFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["HANSIGHT_TENSORFLOW_ADDON"];
  if (chosen) return chosen;
  const home = homedir();
  switch (process.platform) {
    case "win32":
      return join(
        environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local"),
        "Hansight",
        "tensorflow",
      );
    case "darwin":
      return join(home, "Library", "Caches", "Hansight", "tensorflow");
    default:
      return join(environment["XDG_CACHE_HOME"] ?? join(home, ".cache"), "hansight", "tensorflow");
  }
}

/**
 * The add-on to load: ours, else the one the package's own install script leaves in `packageFolder`; null when neither has
 * been built, and when the environment says `none`.
 */
export function findAddon(
  packageFolder: string,
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  if (environment["HANSIGHT_TENSORFLOW_ADDON"] === "none") return null;
  const places = [addonFolder(environment), join(packageFolder, "lib", "napi-v8")];
  return places.map((folder) => join(folder, addonName)).find((path) => existsSync(path)) ?? null;
}
