import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hostSettingsSchema } from "../../shared/contract/settings.ts";
import { usualHostSettings, type HostSettings } from "../../shared/domain/host-settings.ts";
import { dataFolder } from "./data-folders.ts";
import { storageFailure } from "./storage-failure.ts";

const fileIn = (folder: string) => join(folder, "settings.json");

/**
 * Settings of this computer. A file that is missing or no JSON gives the usual ones, and so does each value alone that is
 * not one of ours: an older or newer version never keeps the app from starting.
 */
export function readHostSettings(folder: string = dataFolder()): HostSettings {
  const kept = entriesOf(fileIn(folder));
  const schemas = Object.entries(hostSettingsSchema.shape);
  const fine = schemas.flatMap(([key, schema]) => {
    const value = schema.safeParse(kept[key]);
    return value.success ? [[key, value.data]] : [];
  });
  return { ...usualHostSettings, ...Object.fromEntries(fine) };
}

/** Only what differs from the usual is written, so that a better usual value reaches everyone who never chose. */
export function writeHostSettings(settings: HostSettings, folder: string = dataFolder()): void {
  const usual: Readonly<Record<string, unknown>> = { ...usualHostSettings };
  const chosen = Object.entries(settings).filter(([key, value]) => value !== usual[key]);
  const file = fileIn(folder);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, `${JSON.stringify(Object.fromEntries(chosen), null, 2)}\n`);
    renameSync(`${file}.part`, file);
  } catch (error) {
    storageFailure(error, "the settings", folder);
  }
}

function entriesOf(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {}; // damaged: the usual ones
  }
}
