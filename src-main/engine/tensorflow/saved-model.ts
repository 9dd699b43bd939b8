import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Tensor as DeviceTensor } from "@tensorflow/tfjs-core";
import type { ModelDescription } from "../../../shared/domain/model.ts";
import { sizeOf } from "../../../shared/domain/tensor.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import { randomFrom } from "../../../shared/statistics/sample.ts";
import { noSupport } from "../cam/support.ts";
import { rowsOf } from "../session/feed.ts";
import type { OpenTensorFlowModel, OpenTensorFlowOptions } from "./open-model.ts";
import { tensorflow, type MetaGraph, type NativeReaders, type SignatureTensor } from "./runtime.ts";
import { inScope, toHost } from "./scope.ts";

const usualSide = 224;

/**
 * Opens a SavedModel's folder, for predictions: TensorFlow runs it as a whole and shows nothing of its inside. Needs the
 * native part. Refuses with the catalogue's `tensorflow/…` and `model/…`.
 */
export async function openSavedModel(
  folder: string,
  options: OpenTensorFlowOptions = {},
): Promise<OpenTensorFlowModel> {
  const file = basename(folder);
  const { native, tf, device } = await tensorflow();
  if (!native) return fail("tensorflow/saved-model", { file });
  const refuse = (why: string, cause?: unknown) =>
    fail("tensorflow/unreadable", { file, why }, { cause });
  const { tags, name, input, output } = await signatureOf(native, folder, refuse);
  const dims = dimsOf(input);
  const [batch = null, second = null, third = null, channels = null] = dims;
  if (dims.length !== 4) fail("model/no-image-input", { file, inputs: `"${input.name}"` });
  const heightPx = second ?? options.heightPx ?? usualSide;
  const widthPx = third ?? options.widthPx ?? usualSide;
  const picture = [heightPx, widthPx, channels ?? 3];
  const model = await native
    .loadSavedModel(folder, [...tags], name)
    .catch((cause: unknown) => refuse("TensorFlow cannot load it", cause));
  const type = /int/.test(input.dtype) ? "int32" : "float32";
  const predictOnce = (data: Float32Array, rows: number) =>
    inScope(tf, () => {
      const values = type === "int32" ? Int32Array.from(data, Math.round) : data;
      const made = model.predict(tf.tensor(values, [rows, ...picture], type), {});
      const [scores] = made instanceof tf.Tensor ? [made] : Object.values(made as object);
      return toHost(scores as DeviceTensor); // a signature makes tensors
    });
  const probes = probesOf(sizeOf([batch ?? 1, ...picture])).map((data) =>
    predictOnce(data, batch ?? 1),
  );
  const [probe] = probes;
  if (!probe) throw new RangeError("nothing was run");
  const classes = probe.data.length / (batch ?? 1);
  if (probe.dims.slice(1).filter((dim) => dim !== 1).length > 1)
    fail("model/not-a-classifier", { file, outputs: `"${output}" [${probe.dims.join(", ")}]` });
  const squashed = squashedBy(
    probes.map(({ data }) => data),
    classes,
  );
  const refusal = { code: "tensorflow/no-taps" as const, details: { file } };
  const description: ModelDescription = {
    fileName: file,
    sha256: await hashOf(folder),
    format: "saved-model",
    opset: 0,
    producer: "",
    input: {
      name: input.name,
      dims: dims.map((dim, i) => dim ?? (i === 0 ? "N" : "?")),
      elementType: type === "int32" ? "i32" : "f32",
      layout: "NHWC",
      channels: channels ?? 3,
      heightPx: second,
      widthPx: third,
      fixedBatch: batch,
    },
    output: { name: output, classes, stripped: squashed },
    head: "general",
    taps: [],
    methods: noSupport(refusal),
    classNames: null,
    device,
  };
  return {
    description,
    device,
    open: async () => fail("tensorflow/no-taps", { file }),
    layers: () => fail("tensorflow/no-taps", { file }),
    withWeights: async () => fail("tensorflow/no-taps", { file }),
    async predict(images) {
      const given = images.dims.slice(1);
      if (given.join() !== picture.join())
        fail("model/wrong-input", { expected: picture.join(" × "), given: given.join(" × ") });
      const [rows = 0] = images.dims;
      const step = batch ?? rows;
      const data = new Float32Array(rows * classes);
      for (let from = 0; from < rows; from += step) {
        const part = predictOnce(rowsOf(images, from, step).data, step).data;
        const own = squashed === "none" ? part : part.map(unsquash[squashed]);
        data.set(own.subarray(0, data.length - from * classes), from * classes);
      }
      return { dims: [rows, classes], data };
    },
    close: async () => model.dispose(),
  };
}

/** Pictures that show what scores look like: empty, of small numbers, of large ones. */
function probesOf(size: number): Float32Array[] {
  const random = randomFrom(1);
  const noise = Float32Array.from({ length: size }, () => random());
  return [new Float32Array(size), noise, noise.map((value) => 255 * value)];
}

/** What made the scores, by what they are: shares of 1 image by image, each within 0 and 1, or neither. */
function squashedBy(
  scores: readonly Float32Array[],
  classes: number,
): ModelDescription["output"]["stripped"] {
  if (!scores.every((own) => own.every((value) => value >= 0 && value <= 1))) return "none";
  if (classes === 1) return "sigmoid";
  const sums = scores.flatMap((own) =>
    Array.from({ length: own.length / classes }, (_, row) =>
      own.subarray(row * classes, (row + 1) * classes).reduce((sum, value) => sum + value, 0),
    ),
  );
  return sums.every((sum) => Math.abs(sum - 1) < 1e-3) ? "softmax" : "sigmoid";
}

/** From a probability to its logit: the softmax or the sigmoid of it gives it back. */
const unsquash = {
  softmax: (share: number) => Math.log(Math.max(share, 1e-30)),
  sigmoid: (share: number) => Math.log(Math.max(share, 1e-30) / Math.max(1 - share, 1e-30)),
};

interface Signature {
  readonly tags: readonly string[];
  readonly name: string;
  readonly input: SignatureTensor;
  readonly output: string;
}

async function signatureOf(
  native: NativeReaders,
  folder: string,
  refuse: (why: string, cause?: unknown) => never,
): Promise<Signature> {
  const graphs = await native
    .getMetaGraphsFromSavedModel(folder)
    .catch((cause: unknown): readonly MetaGraph[] => refuse("it is no SavedModel", cause));
  for (const { tags, signatureDefs } of graphs) {
    if (!tags.includes("serve")) continue;
    for (const [name, { inputs, outputs }] of Object.entries(signatureDefs)) {
      const [input, ...others] = Object.values(inputs);
      const [output] = Object.values(outputs);
      if (input && output && others.length === 0) return { tags, name, input, output: output.name };
    }
  }
  return refuse("it has no signature with one input");
}

function dimsOf({ shape }: SignatureTensor): (number | null)[] {
  if (!Array.isArray(shape)) return [];
  return shape.map((dim: unknown) => {
    // A message of the protocol whose fields lie in one array, under a shortened name: the first is the size.
    const fields: unknown[] = typeof dim === "object" && dim !== null ? Object.values(dim) : [];
    const [size] = fields.find((field) => Array.isArray(field)) ?? [dim];
    return typeof size === "number" && size > 0 ? size : null;
  });
}

/** Over the graph and its variables, by name. */
async function hashOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    /(saved_model\.pb|variables[\\/]variables\..*)$/.test(name),
  );
  for (const name of names.sort())
    for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer); // bytes: no encoding is set
  return hash.digest("hex");
}
