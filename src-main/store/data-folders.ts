import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where this user's library, settings and recovery files are: `$HANSIGHT_HOME`, else the platform's data folder. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment["HANSIGHT_HOME"];
  if (chosen) return chosen;
  const home = homedir();
  switch (process.platform) {
    case "win32":
      return join(environment["APPDATA"] ?? join(home, "AppData", "Roaming"), "Hansight");
    case "darwin":
      return join(home, "Library", "Application Support", "Hansight");
    default:
      return join(environment["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "hansight");
  }
}

/** The folder new audits go to: `Hansight` in the Documents, else in the home folder. */
export function defaultAuditFolder(home: string = homedir()): string {
  const documents = join(home, "Documents");
  return join(existsSync(documents) ? documents : home, "Hansight");
}
