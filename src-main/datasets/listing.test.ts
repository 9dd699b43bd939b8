import { mkdir, readdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { listFolder, type ListingProgress } from "./listing.ts";

const pathsOf = (listing: { images: readonly { path: string }[] }) =>
  listing.images.map((image) => image.path);

describe("listFolder", () => {
  it("lists images with size, in one order, and counts the rest by extension", async () => {
    const folder = await temporaryFolder({
      "b/2.PNG": "12345",
      "b/10.jpg": "1",
      "a.tif": "1",
      "B.webp": "1",
      "b/notes.txt": "1",
      "scan.raw": "1",
      README: "1",
    });
    const listing = await listFolder(folder);
    expect(pathsOf(listing)).toEqual(["B.webp", "a.tif", "b/10.jpg", "b/2.PNG"]);
    expect(listing.images[3]).toMatchObject({ bytes: 5, absolutePath: join(folder, "b/2.PNG") });
    expect(listing.others).toEqual(["README", "b/notes.txt", "scan.raw"]);
    expect(listing.formats).toEqual({
      ".png": 1,
      ".jpg": 1,
      ".tif": 1,
      ".webp": 1,
      ".txt": 1,
      ".raw": 1,
      "": 1,
    });
  });

  it("passes over hidden files, audits and what file managers leave", async () => {
    const folder = await temporaryFolder({
      ".thumb.jpg": "1",
      ".cache/x.jpg": "1",
      "__MACOSX/y.jpg": "1",
      "Thumbs.db": "1",
      "old.hansight/exports/plate.jpg": "1",
      "kept.jpg": "1",
    });
    const listing = await listFolder(folder);
    expect(pathsOf(listing)).toEqual(["kept.jpg"]);
    expect(listing.others).toEqual([]);
  });

  it("follows each link once: a circle, a second way to one folder and a dead end are counted", async () => {
    const outside = await temporaryFolder({ "far/z.jpg": "1" });
    const folder = await temporaryFolder({ "real/x.jpg": "1" });
    await symlink(join(folder, "real"), join(folder, "again"));
    await symlink(folder, join(folder, "real/circle"));
    await symlink(join(folder, "real/x.jpg"), join(folder, "x-link.jpg"));
    await symlink(join(folder, "gone"), join(folder, "dead.jpg"));
    await symlink(join(outside, "far"), join(folder, "far"));
    const listing = await listFolder(folder);
    expect(pathsOf(listing)).toEqual(["far/z.jpg", "real/x.jpg"]);
    expect(listing.links).toEqual({ followed: 1, repeated: 3, refused: 1 });
  });

  it("does not follow a link to where nothing may be read", async () => {
    const outside = await temporaryFolder({ "secret.jpg": "1" });
    const folder = await temporaryFolder({ "x.jpg": "1" });
    await symlink(outside, join(folder, "way-out"));
    const isAllowed = (path: string) => path.startsWith(folder);
    const listing = await listFolder(folder, { isAllowed });
    expect(pathsOf(listing)).toEqual(["x.jpg"]);
    expect(listing.links.refused).toBe(1);
  });

  it("stops at the signal", async () => {
    const folder = await temporaryFolder({ "x.jpg": "1" });
    const listing = listFolder(folder, { signal: AbortSignal.abort() });
    await expect(listing).rejects.toMatchObject({ name: "AbortError" });
  });

  it("says what is not a folder and what is not there", async () => {
    const folder = await temporaryFolder({ "x.jpg": "1" });
    const file = listFolder(join(folder, "x.jpg"));
    await expect(file).rejects.toMatchObject({ code: "dataset/not-a-folder" });
    const nothing = listFolder(join(folder, "nothing"));
    await expect(nothing).rejects.toMatchObject({ code: "dataset/not-found" });
  });

  it("lists 20,000 nested files without holding the process up, and writes nothing", async () => {
    const folder = await temporaryFolder();
    for (let no = 0; no < 100; no++) {
      const below = join(folder, `class-${no % 10}`, `part-${no}`);
      await mkdir(below, { recursive: true });
      const names = Array.from({ length: 200 }, (_, at) => join(below, `${at}.jpg`));
      await Promise.all(names.map((name) => writeFile(name, "")));
    }
    const before = await stat(join(folder, "class-0"));
    let turns = 0;
    const turn = setInterval(() => turns++, 0);
    const progress: ListingProgress[] = [];
    const cpuBefore = process.cpuUsage();
    const listing = await listFolder(folder, { onProgress: (step) => progress.push(step) });
    const cpu = process.cpuUsage(cpuBefore);
    clearInterval(turn);
    expect(listing.images).toHaveLength(20_000);
    // 10 s for 100,000 files is 2 s for these; time on the processor does not depend on who else is working.
    expect((cpu.user + cpu.system) / 1e6).toBeLessThan(2);
    expect(turns).toBeGreaterThan(50); // other work got its turn in between
    expect(progress.at(-1)).toEqual({ phase: "listing", done: 20_000, total: 20_000 });
    expect(progress.filter((step) => step.phase === "counting").length).toBeGreaterThan(10);
    const after = await stat(join(folder, "class-0"));
    expect(after.mtimeMs).toBe(before.mtimeMs);
    expect(await readdir(folder)).toHaveLength(10);
  });
});
