import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { fixture, fixturesFolder } from "./fixtures.ts";
import { seededNumbers } from "./toy-session.ts";

/** A trained network small enough to run every method on. */
export interface SmallModel {
  readonly name: string;
  readonly path: string;
  /** Of one input, `[1,…]`. */
  readonly dims: readonly number[];
}

const cifar = [
  "vit",
  "deit_distilled",
  "vit_gap",
  "swin",
  "convnext",
  "vgg",
  "densenet",
  "mobilenetv3",
  "efficientnet",
  "shufflenetv2",
  "vig",
  "mobilevit",
];
const beside = join(import.meta.dirname, "../../../shared/demo/models");

/** Those at hand: the sample's own, and the shared ones where they lie beside the checkout. */
export const smallModels: readonly SmallModel[] = [
  {
    name: "chest-resnet",
    path: join(import.meta.dirname, "../../assets/demo/chest-resnet.onnx"),
    dims: [1, 1, 160, 160],
  },
  ...["chest-vit", "chest-vig"]
    .map((name) => ({ name, path: join(beside, `${name}.onnx`), dims: [1, 1, 160, 160] }))
    .filter(({ path }) => existsSync(path)),
  ...(fixturesFolder ? cifar : []).map((kind) => {
    const side = kind === "mobilevit" ? 64 : 32;
    const path = fixture(`models/mini-cifar10/mini_${kind}_cifar10.onnx`);
    return { name: `mini_${kind}`, path, dims: [1, 3, side, side] };
  }),
];

const cat = "golden/inputs/cifar_cat.png";
const mean = [0.485, 0.456, 0.406];
const std = [0.229, 0.224, 0.225];

/** A photograph for the networks that were trained on such, seeded noise for the others. */
export async function smallPicture({ dims }: SmallModel): Promise<Tensor> {
  const [, colours, height, width] = dims;
  const n = height * width;
  if (colours !== 3 || height !== 32) return { dims, data: seededNumbers(colours * n, 3) };
  const pixels = await sharp(fixture(cat)).removeAlpha().raw().toBuffer();
  const data = new Float32Array(3 * n);
  for (let c = 0; c < 3; c++)
    for (let p = 0; p < n; p++) data[c * n + p] = (pixels[p * 3 + c] / 255 - mean[c]) / std[c];
  return { dims, data };
}

const goldenNames = {
  "grad-cam": "gradcam",
  hirescam: "hirescam",
  layercam: "layercam",
  "grad-cam++": "gradcampp",
} as const satisfies Partial<Record<MethodId, string>>;

interface GoldenMap {
  readonly index: number;
  readonly values: readonly number[];
}

/** Maps of that photograph by automatic differentiation in double precision, per method. */
export function goldenMapsOf(small: SmallModel): ReadonlyMap<MethodId, readonly GoldenMap[]> {
  if (!small.name.startsWith("mini_") || small.dims[2] !== 32) return new Map();
  const file = fixture(`golden/maps/${small.name}_cifar10.json`);
  const { images } = JSON.parse(readFileSync(file, "utf8")) as {
    images: { image: string; maps: ({ index: number } & Partial<Record<string, number[][]>>)[] }[];
  }; // a fixture of our own making
  const maps = images.find(({ image }) => image === cat)?.maps ?? [];
  return new Map(
    Object.entries(goldenNames).map(([id, name]) => [
      id as MethodId, // a key of the table above
      maps.flatMap((one) => (one[name] ? [{ index: one.index, values: one[name].flat() }] : [])),
    ]),
  );
}
