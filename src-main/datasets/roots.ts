import { readdir, stat } from "node:fs/promises";
import { homedir, platform, userInfo } from "node:os";
import { join } from "node:path";

/** Where choosing begins: the home folder, mounted media, and the folders given with --allow. */
export async function defaultRoots(allow: readonly string[] = []): Promise<string[]> {
  return [homedir(), ...(await mountedMedia()), ...allow];
}

async function mountedMedia(): Promise<string[]> {
  if (platform() === "win32") return drives();
  if (platform() === "darwin") return foldersIn("/Volumes");
  const { username } = userInfo();
  const holders = [`/media/${username}`, `/run/media/${username}`, "/mnt"];
  return (await Promise.all(holders.map(foldersIn))).flat();
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // absent on many
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => join(folder, name));
}

async function drives(): Promise<string[]> {
  const letters = Array.from({ length: 26 }, (_, no) => `${String.fromCharCode(65 + no)}:\\`);
  const found = await Promise.all(letters.map((letter) => stat(letter).catch(() => null)));
  return letters.filter((_, no) => found[no]);
}
