import {
  appendFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/sample-audit.ts";
import { Thumbnails } from "./thumbnails.ts";

const picture = (no: number) => Uint8Array.from({ length: 50 + no }, (_, k) => (k * 7 + no) % 256);

function filled() {
  const folder = temporaryFolder();
  const thumbnails = new Thumbnails(folder, true);
  for (const no of [5, 1, 9]) thumbnails.add(no, picture(no), no * 10);
  thumbnails.add(5, picture(6), 60); // made again
  return {
    folder,
    thumbnails,
    pack: join(folder, "thumbs/256.pack"),
    index: join(folder, "thumbs/256.index"),
  };
}

function expectAll(thumbnails: Thumbnails): void {
  expect(thumbnails.get(5)).toEqual(picture(6));
  expect(thumbnails.get(1)).toEqual(picture(1));
  expect(thumbnails.get(9)).toEqual(picture(9));
  expect([5, 1, 9, 2].map((no) => thumbnails.averageGrey(no))).toEqual([60, 10, 90, null]);
  expect(thumbnails.get(2)).toBeNull();
}

it("gives back the newest picture of each item, now and after opening again", () => {
  const { folder, thumbnails } = filled();
  expectAll(thumbnails);
  thumbnails.close();
  for (const mayWrite of [true, false]) {
    const again = new Thumbnails(folder, mayWrite);
    expectAll(again);
    again.close();
  }
});

it("makes its index anew from the pack", () => {
  const { folder, thumbnails, index } = filled();
  thumbnails.close();
  const whole = readFileSync(index);
  for (const damage of [
    () => rmSync(index),
    () => truncateSync(index, 30),
    () => writeFileSync(index, Buffer.alloc(96, 1)),
  ]) {
    damage();
    const again = new Thumbnails(folder, true);
    expectAll(again);
    again.close();
    expect(readFileSync(index)).toEqual(whole);
  }
});

it("cuts a torn last picture off and goes on behind the last whole one", () => {
  const { folder, thumbnails, pack } = filled();
  thumbnails.close();
  truncateSync(pack, readFileSync(pack).length - 3);
  const again = new Thumbnails(folder, true);
  expect(again.get(5)).toEqual(picture(5)); // the one made before
  again.add(5, picture(6), 60);
  expectAll(again);
  again.close();
  appendFileSync(pack, Buffer.from([1, 0, 0, 0, 255, 255]));
  const third = new Thumbnails(folder, true);
  expectAll(third);
  third.close();
});

it("gives nothing rather than a picture whose bytes changed", () => {
  const { folder, thumbnails, pack } = filled();
  thumbnails.close();
  const bytes = readFileSync(pack);
  bytes[20] ^= 1;
  writeFileSync(pack, bytes);
  const again = new Thumbnails(folder, true);
  expect(again.get(5)).toEqual(picture(6));
  expect(again.get(1)).toEqual(picture(1));
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(pack, bytes);
  expect(again.get(5)).toBeNull();
  expect(again.has(5)).toBe(false);
  again.close();
});

it("is cleared from the disk, and takes pictures again", () => {
  const folder = temporaryFolder();
  const thumbnails = new Thumbnails(folder, true);
  thumbnails.add(4, new Uint8Array([1, 2, 3]), 9);
  expect(thumbnails.bytes).toBe(16 + 3);
  thumbnails.clear();
  expect(thumbnails.bytes).toBe(0);
  expect(existsSync(join(folder, "thumbs"))).toBe(false);
  expect(thumbnails.get(4)).toBeNull();
  thumbnails.add(4, new Uint8Array([5]), 9);
  expect([...(thumbnails.get(4) ?? [])]).toEqual([5]);
  thumbnails.close();
});
