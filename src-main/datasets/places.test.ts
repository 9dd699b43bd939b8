import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeIdSchema } from "../../shared/contract/schemas.ts";
import { createPlaces, type Places } from "./places.ts";

let base: string;
let root: string;
let places: Places;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "places-")));
  root = join(base, "root");
  await mkdir(join(root, "scans"), { recursive: true });
  await mkdir(join(root, "old.hansight"));
  await mkdir(join(base, "secret"));
  await writeFile(join(base, "secret/key.txt"), "x");
  for (const name of ["a10.png", "a9.png", "net.onnx", "labels.csv", "notes.pdf", ".hidden"]) {
    await writeFile(join(root, name), name);
  }
  places = createPlaces({ roots: () => Promise.resolve([root]) });
});
afterEach(() => rm(base, { recursive: true }));

async function rootId() {
  const [first] = (await places.list(null)).entries;
  if (!first) throw new Error("no root");
  return first.id;
}

describe("places", () => {
  it("lists roots, then folders before files by kind, without hidden ones", async () => {
    const list = await places.list(await rootId());
    expect(list.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ["old.hansight", "audit"],
      ["scans", "folder"],
      ["a9.png", "image"],
      ["a10.png", "image"],
      ["labels.csv", "labels"],
      ["net.onnx", "model"],
      ["notes.pdf", "file"],
    ]);
    expect(list.shownPath).toBe(root);
    expect(list.parent).toBeNull();
    expect(list.entries.find(({ name }) => name === "labels.csv")?.bytes).toBe(10);
  });

  it("names a place by an id that does not show its path, and leads back up to its root", async () => {
    const scans = (await places.list(await rootId())).entries.find(({ name }) => name === "scans");
    if (!scans) throw new Error("no scans");
    expect(Buffer.from(scans.id, "base64url").toString("latin1")).not.toContain("scans");
    expect(await places.resolve(scans.id)).toBe(join(root, "scans"));
    expect((await places.list(scans.id)).parent).toBe(await rootId());
  });

  it("follows links that stay inside and leaves out those that lead outside", async () => {
    await symlink(join(root, "scans"), join(root, "inside"));
    await symlink(join(base, "secret"), join(root, "outside"));
    await symlink(join(root, "nowhere"), join(root, "broken"));
    const names = (await places.list(await rootId())).entries.map(({ name }) => name);
    expect(names).toContain("inside");
    expect(names).not.toContain("outside");
    expect(names).not.toContain("broken");
  });

  it("refuses a place that has become a link to the outside since it was listed", async () => {
    const scans = (await places.list(await rootId())).entries.find(({ name }) => name === "scans");
    if (!scans) throw new Error("no scans");
    await rename(join(root, "scans"), join(root, "moved"));
    await symlink(join(base, "secret"), join(root, "scans"));
    await expect(places.resolve(scans.id)).rejects.toMatchObject({ code: "place/outside" });
    await expect(places.list(scans.id)).rejects.toMatchObject({ code: "place/outside" });
  });

  it("knows no id that it did not give", async () => {
    for (const made of [root, "../secret", Buffer.from(root).toString("base64url")]) {
      const id = placeIdSchema.parse(made);
      await expect(places.resolve(id)).rejects.toMatchObject({ code: "place/unknown" });
    }
  });

  it("opens what a person named by hand outside the roots, and what lies below it, alone", async () => {
    const id = await places.idFor(join(base, "secret"));
    expect(await places.resolve(id)).toBe(join(base, "secret"));
    const list = await places.list(id);
    expect(list.entries.map(({ name }) => name)).toEqual(["key.txt"]);
    expect(list.parent).toBeNull();
  });

  it("gives an id to a path that does not exist yet", async () => {
    const id = await places.idFor(join(root, "new/out"));
    expect(await places.resolve(id)).toBe(join(root, "new/out"));
    await expect(places.list(id)).rejects.toMatchObject({ code: "place/unreadable" });
  });
});
