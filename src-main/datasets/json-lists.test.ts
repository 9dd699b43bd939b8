import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { readJsonLists } from "./json-lists.ts";

describe("readJsonLists", () => {
  it("gives what JSON.parse gives, whatever lies on the border between two pieces", async () => {
    // Lengths that share no factor with a piece of 1 MiB, so that borders fall on every kind of byte.
    const words = ['a "quoted" word', "back\\slash\\", "Zürich 東京 🐎", "[]{},:", "\n\t"];
    const images = Array.from({ length: 30_011 }, (_, no) => ({
      id: no,
      file_name: words[no % words.length],
      "key, with: [all] {of} \\it": [no / 7, -1 - no, { deep: [[true], null] }],
    }));
    const document = { info: { images: [1, 2] }, images, categories: [], other: [1], last: "]" };
    const text = JSON.stringify(document, null, 1);
    expect(Buffer.byteLength(text)).toBeGreaterThan(4 * 2 ** 20);
    const folder = await temporaryFolder({ "x.json": "\ufeff" + text });
    const found: unknown[] = [];
    const keys = await readJsonLists(
      join(folder, "x.json"),
      ["images", "categories"],
      (list, entry) => {
        expect(list).toBe("images");
        found.push(entry);
      },
    );
    expect(keys).toEqual(Object.keys(document));
    expect(JSON.stringify(found) === JSON.stringify(images)).toBe(true); // a diff of 4 MB helps nobody
  });

  it("takes entries that are no objects", async () => {
    const folder = await temporaryFolder({ "x.json": '{"images":[1,"two" , [3],null,true ]}' });
    const found: unknown[] = [];
    await readJsonLists(join(folder, "x.json"), ["images"], (_, entry) => found.push(entry));
    expect(found).toEqual([1, "two", [3], null, true]);
  });

  it("stops at the signal", async () => {
    const folder = await temporaryFolder({ "x.json": "{}" });
    const read = readJsonLists(join(folder, "x.json"), [], () => {}, AbortSignal.abort());
    await expect(read).rejects.toMatchObject({ name: "AbortError" });
  });
});
