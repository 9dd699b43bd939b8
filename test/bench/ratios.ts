import type { TapSession } from "../../shared/domain/engine.ts";
import type { MethodId } from "../../shared/domain/method-id.ts";
import type { Tensor } from "../../shared/domain/tensor.ts";
import { randomFrom } from "../../shared/statistics/sample.ts";
import { explainClasses } from "../../src-main/engine/cam/explain-classes.ts";
import { explainBatch } from "../../src-main/engine/cam/explain.ts";
import { methodById } from "../../src-main/engine/cam/registry.ts";
import { openModel } from "../../src-main/engine/session/open-model.ts";
import { createSession } from "../../src-main/engine/session/runtime.ts";
import { bytesOf } from "../../src-main/engine/onnx/constant.ts";
import { interleave } from "./measure.ts";
import type { BenchModel } from "./models.ts";

export interface Ratio {
  readonly model: string;
  readonly method: MethodId;
  readonly tap: "last" | "middle";
  readonly batch: number;
  /** Time of forward + map over time of a plain forward of the model as it came, medians of the same run. */
  readonly ratio: number;
  readonly forwardMs: number;
  readonly repeats: number;
}

const threads = 2;

/** Grad-CAM at the last and the middle layer, batch 1, 8 and 32, each against a plain forward. */
export async function gradientRatios(
  model: BenchModel,
  batches: readonly number[],
): Promise<Ratio[]> {
  const opened = await openModel(model.path, { threads });
  const { taps } = opened.description;
  const middle = taps[Math.floor(taps.length / 2)];
  const ratios: Ratio[] = [];
  for (const [tap, name] of [
    ["last", null],
    ["middle", middle.name],
  ] as const) {
    const session = await opened.open(name);
    for (const batch of batches) ratios.push(await ratioOf(model, session, "grad-cam", tap, batch));
    await session.close();
  }
  await opened.close();
  return ratios;
}

/** What the gradient-free methods cost, in plain forwards of one image. */
export async function passRatios(
  model: BenchModel,
  methods: readonly MethodId[],
): Promise<Ratio[]> {
  const opened = await openModel(model.path, { threads });
  const session = await opened.open(null);
  const ratios: Ratio[] = [];
  for (const method of methods) ratios.push(await ratioOf(model, session, method, "last", 1));
  await session.close();
  await opened.close();
  return ratios;
}

/** Five classes of one image in one run, at the last and the middle layer. */
export async function classRatios(model: BenchModel): Promise<Ratio[]> {
  const opened = await openModel(model.path, { threads });
  const { taps } = opened.description;
  const ratios: Ratio[] = [];
  for (const [tap, name] of [
    ["last", null],
    ["middle", taps[Math.floor(taps.length / 2)].name],
  ] as const) {
    const session = await opened.open(name);
    const explain = (image: Tensor) =>
      explainClasses({
        session,
        method: methodById("hirescam"),
        image,
        layout: session.description.input.layout,
        classes: [0, 1, 2, 3, 4],
      });
    ratios.push(await ratioOf(model, session, "hirescam", tap, 1, explain));
    await session.close();
  }
  await opened.close();
  return ratios;
}

async function ratioOf(
  model: BenchModel,
  session: TapSession,
  method: MethodId,
  tap: Ratio["tap"],
  batch: number,
  explain = (images: Tensor): Promise<unknown> =>
    explainBatch({
      session,
      methods: [methodById(method)],
      images,
      layout: session.description.input.layout,
      target: { kind: "predicted" },
      labels: Array.from({ length: batch }, () => null),
    }),
): Promise<Ratio> {
  const plain = await createSession(model.bytes, { threads });
  const { input } = session.description;
  const side = { h: input.heightPx ?? 224, w: input.widthPx ?? 224 };
  const images = randomImages([batch, input.channels, side.h, side.w]);
  const one = {
    dims: [1, ...images.dims.slice(1)],
    data: images.data.subarray(0, images.data.length / batch),
  };
  const feeds = ({ dims, data }: Tensor) =>
    new Map([[input.name, { type: "f32" as const, dims, bytes: bytesOf(data) }]]);
  // A file written for one batch size is run image by image, plainly too.
  const isFixed = input.fixedBatch !== null && input.fixedBatch !== batch;
  const forward = async () => {
    if (!isFixed) return plain.run(feeds(images));
    for (let i = 0; i < batch; i++) await plain.run(feeds(one));
  };
  const isSlow = method === "score-cam";
  const { ms, repeats } = await interleave(
    [
      { name: "forward", run: forward },
      { name: "explain", run: () => explain(images) },
    ],
    isSlow ? { budgetMs: 0, least: 2 } : { budgetMs: 6000, least: 5 },
  );
  await plain.close();
  return {
    model: model.name,
    method,
    tap,
    batch,
    ratio: ms["explain"] / ms["forward"],
    forwardMs: ms["forward"],
    repeats,
  };
}

export function randomImages(dims: readonly number[]): Tensor {
  const random = randomFrom(7);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return { dims, data: Float32Array.from({ length: size }, () => random() * 2 - 1) };
}
