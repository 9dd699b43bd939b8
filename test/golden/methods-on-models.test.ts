import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { TapSession } from "../../shared/domain/engine.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import { methods as facts } from "../../shared/domain/methods.ts";
import type { Target } from "../../shared/domain/target.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { explainBatch, type ExplainedItem } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { fixture, fixturesFolder } from "../support/fixtures.ts";

/** Networks of every kind of head that take 32 × 32 pictures, with maps by automatic differentiation in double precision. */
const models = [
  "mini_vit",
  "mini_deit_distilled",
  "mini_vit_gap",
  "mini_swin",
  "mini_convnext",
  "mini_vgg",
  "mini_densenet",
  "mini_mobilenetv3",
  "mini_vig",
];
const pictures = ["cat", "horse", "ship"].map((name) => `golden/inputs/cifar_${name}.png`);

const goldenNames = {
  "grad-cam": "gradcam",
  hirescam: "hirescam",
  layercam: "layercam",
  "grad-cam++": "gradcampp",
} as const satisfies Partial<Record<MethodId, string>>;

type GoldenMaps = { readonly index: number } & Readonly<
  Record<string, readonly (readonly number[])[]>
>;

interface Golden {
  readonly images: readonly { readonly image: string; readonly maps: readonly GoldenMaps[] }[];
}

/** `[3,3,32,32]`, x / 255 by ImageNet's mean and spread. */
async function load(): Promise<Tensor> {
  const [mean, std] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const n = 32 * 32;
  const data = new Float32Array(pictures.length * 3 * n);
  for (const [i, picture] of pictures.entries()) {
    const pixels = await sharp(fixture(picture)).removeAlpha().raw().toBuffer();
    for (let c = 0; c < 3; c++)
      for (let p = 0; p < n; p++)
        data[(i * 3 + c) * n + p] = (pixels[p * 3 + c] / 255 - mean[c]) / std[c];
  }
  return { dims: [pictures.length, 3, 32, 32], data };
}

function one(images: Tensor, i: number): Tensor {
  const size = images.data.length / images.dims[0];
  return { dims: [1, ...images.dims.slice(1)], data: images.data.slice(i * size, (i + 1) * size) };
}

function explain(
  session: TapSession,
  methods: readonly MethodId[],
  images: Tensor,
  target: Target,
): Promise<readonly ExplainedItem[]> {
  const labels = Array.from({ length: images.dims[0] }, () => null);
  return explainBatch({
    session,
    methods: methods.map(methodById),
    images,
    layout: "NCHW",
    target,
    labels,
    batch: 16,
  });
}

/** Largest difference over the reference's largest magnitude. */
function apart(given: Float32Array | null, reference: readonly number[] | Float32Array): number {
  if (!given) return Infinity;
  const expected = [...reference];
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - given[i]))) / largest;
}

describe.skipIf(!fixturesFolder)("methods on real networks", () => {
  it.each(models)("%s: golden maps, and every method alone as in a batch", async (name) => {
    const golden = JSON.parse(
      readFileSync(fixture(`golden/maps/${name}_cifar10.json`), "utf8"),
    ) as Golden; // a fixture of our own making
    const model = await openModel(fixture(`models/mini-cifar10/${name}_cifar10.onnx`), {
      widthPx: 32,
      heightPx: 32,
    });
    const session = await model.open(null);
    const images = await load();
    const supported = model.description.methods.filter((one) => one.supported);
    // IS-CAM makes Score-CAM's passes ten times over, and ReCAM learns first: their own tests hold what is different.
    const methods = supported
      .map(({ method }) => method)
      .filter((id) => id !== "is-cam" && !facts[id].isFitted);
    expect(methods.length).toBeGreaterThanOrEqual(11);

    let compared = 0;
    for (const [id, key] of Object.entries(goldenNames) as [MethodId, string][]) {
      if (id === "hirescam" && session.tap.isScaleFree) continue; // rounding noise, in the reference too
      for (const [i, picture] of pictures.entries())
        for (const maps of golden.images.find((row) => row.image === picture)?.maps ?? []) {
          if (!maps[key]) continue; // not every golden has all four
          compared++;
          const target = { kind: "class", index: maps.index } as const;
          const [item] = await explain(session, [id], one(images, i), target);
          expect(apart(item.maps[0].map, maps[key].flat()), `${id} ${picture}`).toBeLessThan(1e-5);
        }
    }

    expect(compared).toBeGreaterThanOrEqual(pictures.length);

    const together = await explain(session, methods, images, { kind: "predicted" });
    const [alone] = await explain(session, methods, one(images, 2), { kind: "predicted" });
    methods.forEach((id, m) => {
      const { map, flags } = together[2].maps[m];
      expect(flags.includes("non-finite"), id).toBe(false);
      if (id === "hirescam" && session.tap.isScaleFree) return;
      expect(apart(map, alone.maps[m].map ?? []), id).toBeLessThan(1e-3);
    });
    await Promise.all([session.close(), model.close()]);
  });
});
