import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeImage } from "../images/decode.ts";
import { ComponentFinder, type Component } from "./components.ts";
import { detectArtefacts } from "./registry.ts";

const root = join(import.meta.dirname, "../../..");

interface Planted {
  readonly file: string;
  readonly hasElectrodes: boolean;
  /** Left, top, width, height of the word PORT in pixels; null without it. */
  readonly marker: readonly [number, number, number, number] | null;
}

const planted: Planted[] = readFileSync(join(root, "test/corpus/demo/planted-truth.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [file, , marker, , electrodes, , box] = line.split(",");
    const [x, y, w, h] = box.split(" ").map(Number);
    return {
      file,
      hasElectrodes: electrodes !== "0",
      marker: marker === "1" ? [x, y, w, h] : null,
    };
  });

describe("detectors on the demo set", () => {
  const texts = new Map<string, readonly Component[]>();
  const others = new Map<string, readonly string[]>();
  beforeAll(async () => {
    for (const { file } of planted) {
      const found = detectArtefacts(await decodeImage(join(root, "assets/demo/images", file)));
      const { text, ...rest } = found.masks;
      const boxes = text ? new ComponentFinder(text, found.width, found.height, 1).at(1) : [];
      texts.set(file, boxes);
      others.set(file, Object.keys(rest));
    }
  });

  it("find at least 95 % of the planted markers, each in its place", () => {
    const marked = planted.filter(({ marker }) => marker);
    const found = marked.filter(({ file, marker }) =>
      texts.get(file)?.some((box) => marker && overlapOf(box, marker) > 0.5),
    );
    expect(marked).toHaveLength(80);
    expect(found.length).toBeGreaterThanOrEqual(76);
  });

  it("take nothing else for text: no electrode, no side letter, no rib", () => {
    const wrong = planted.flatMap(({ file, marker }) =>
      (texts.get(file) ?? [])
        .filter((box) => !marker || overlapOf(box, marker) <= 0.5)
        .map(({ left, top }) => `${file} at ${left}, ${top}`),
    );
    expect(planted.filter(({ hasElectrodes }) => hasElectrodes)).toHaveLength(39);
    expect(wrong).toEqual([]);
  });

  it("see no ruler and no ink", () => {
    const names = new Set([...others.values()].flat());
    expect([...names].filter((name) => name !== "padding")).toEqual([]);
  });
});

/** Shared area over the area of both together. */
function overlapOf(
  box: Component,
  [x, y, w, h]: readonly [number, number, number, number],
): number {
  const across = Math.min(box.right, x + w) - Math.max(box.left, x);
  const down = Math.min(box.bottom, y + h) - Math.max(box.top, y);
  if (across <= 0 || down <= 0) return 0;
  const shared = across * down;
  return shared / ((box.right - box.left) * (box.bottom - box.top) + w * h - shared);
}
