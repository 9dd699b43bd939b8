import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { fixture, fixturesFolder } from "../../../test/support/fixtures.ts";
import type { Tensor } from "../../../shared/domain/tensor.ts";
import { openModel } from "./open-model.ts";

/**
 * `golden/maps` were computed in double precision by automatic differentiation of the same weights. Maps are made here
 * from `A` and `G` by the formulas of the fixtures' README, so that what is tested is the compiler alone.
 */

interface Preprocess {
  readonly channels: "RGB" | "BGR" | "gray";
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

type Maps = { readonly index: number } & Readonly<Record<string, readonly (readonly number[])[]>>;

interface Golden {
  readonly model: string;
  readonly image?: string;
  readonly targetTensor?: string;
  readonly targetTensors?: readonly string[];
  readonly classes?: readonly Maps[];
  readonly images?: readonly { readonly image: string; readonly maps: readonly Maps[] }[];
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(fixture(path), "utf8")) as T; // fixtures of our own making
}

/** `[1,3,H,W]`, doubled by bilinear interpolation where the model is larger than the picture. */
async function load(image: string, how: Preprocess, size: number): Promise<Float32Array> {
  const { data, info } = await sharp(fixture(image))
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const plane = new Float32Array(size * size * 3);
  const scale = info.width / size;
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++) {
        const source = how.channels === "BGR" ? 2 - c : c;
        const value = bilinear(
          (u, v) => data[(v * info.width + u) * 3 + source] ?? NaN,
          (x + 0.5) * scale - 0.5,
          (y + 0.5) * scale - 0.5,
          info.width,
        );
        plane[(c * size + y) * size + x] =
          (value * how.scale - (how.mean[c] ?? NaN)) / (how.std[c] ?? NaN);
      }
  return plane;
}

function bilinear(
  at: (x: number, y: number) => number,
  x: number,
  y: number,
  side: number,
): number {
  const clamp = (v: number) => Math.min(Math.max(v, 0), side - 1);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const pick = (i: number, j: number) => at(clamp(left + i), clamp(top + j));
  return (
    (pick(0, 0) * (1 - dx) + pick(1, 0) * dx) * (1 - dy) +
    (pick(0, 1) * (1 - dx) + pick(1, 1) * dx) * dy
  );
}

const formulas: Record<string, (a: Float32Array, g: Float32Array, n: number) => Float64Array> = {
  gradcam: (a, g, n) => weighted(a, n, (k) => sum(n, (i) => g[k * n + i] ?? 0) / n),
  hirescam: (a, g, n) => pointwise(a, n, (at) => g[at] ?? 0),
  layercam: (a, g, n) => pointwise(a, n, (at) => Math.max(g[at] ?? 0, 0)),
  gradcampp: (a, g, n) =>
    weighted(a, n, (k) => {
      const total = sum(n, (i) => a[k * n + i] ?? 0);
      return sum(n, (i) => {
        const v = g[k * n + i] ?? 0;
        return (Math.max(v, 0) * v * v) / (2 * v * v + total * v * v * v + 1e-6);
      });
    }),
};

function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

function weighted(a: Float32Array, n: number, weight: (k: number) => number): Float64Array {
  const weights = Array.from({ length: a.length / n }, (_, k) => weight(k));
  return pointwise(a, n, (at) => weights[Math.floor(at / n)] ?? 0);
}

function pointwise(a: Float32Array, n: number, factor: (at: number) => number): Float64Array {
  const map = new Float64Array(n);
  a.forEach((value, at) => (map[at % n]! += value * factor(at))); // within the map
  return map;
}

const files = fixturesFolder ? readdirSync(fixture("golden/maps")) : [];

describe.skipIf(!fixturesFolder)("golden maps", () => {
  it.each(files)("%s within 1e-5 of each map's maximum", async (file) => {
    const golden = readJson<Golden>(`golden/maps/${file}`);
    const models = readJson<{ file: string; preprocess: Preprocess }[]>("models/models.json");
    const how = models.find((model) => model.file === golden.model)?.preprocess;
    if (!how) throw new Error(`${golden.model} is not described`);
    const tensor = golden.targetTensor ?? golden.targetTensors?.[0] ?? null;
    const cases = golden.images ?? [{ image: golden.image ?? "", maps: golden.classes ?? [] }];
    const rows = cases.flatMap(({ image, maps }) => maps.map((map) => ({ image, map })));

    const model = await openModel(fixture(golden.model));
    const session = await model.open(tensor);
    expect(session.tap.name).toBe(tensor);
    expect(session.tap.isDefault).toBe(true);
    const size = model.description.input.heightPx ?? 0;
    const planes = await Promise.all(rows.map(({ image }) => load(image, how, size)));
    const images = stack(planes, [3, size, size]);
    const { classes } = model.description.output;
    const seed = stack(
      rows.map(({ map }) => Float32Array.from({ length: classes }, (_, c) => +(c === map.index))),
      [classes],
    );
    const { activations, gradients } = await session.gradient(images, seed);
    const [k, h, w] = session.tap.grid;
    rows.forEach(({ map }, row) => {
      const own = (t: Tensor) => t.data.subarray(row * k * h * w, (row + 1) * k * h * w);
      for (const [name, formula] of Object.entries(formulas)) {
        const expected = map[name]?.flat();
        // At a scale-free tap HiResCAM is rounding noise (Euler), in the reference too.
        if (!expected || (name === "hirescam" && session.tap.isScaleFree)) continue;
        const given = formula(own(activations), own(gradients), h * w);
        const largest = Math.max(...expected.map(Math.abs));
        const worst = Math.max(...expected.map((value, i) => Math.abs(value - (given[i] ?? NaN))));
        expect(worst / largest, `${name} of class ${map.index}`).toBeLessThan(1e-5);
      }
    });
    await Promise.all([session.close(), model.close()]);
  });

  it("cover the default taps of sixteen models", () => {
    const models = new Set(files.map((file) => basename(file, ".json").split("__")[0]));
    expect(models.size).toBeGreaterThanOrEqual(16);
  });
});

function stack(rows: readonly Float32Array[], dims: readonly number[]): Tensor {
  const size = dims.reduce((a, b) => a * b, 1);
  const data = new Float32Array(rows.length * size);
  rows.forEach((row, i) => data.set(row, i * size));
  return { dims: [rows.length, ...dims], data };
}
