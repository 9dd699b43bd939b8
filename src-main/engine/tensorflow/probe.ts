import { AppError, fail } from "../../../shared/errors/app-error.ts";
import { outlineOf, type Outline, type Probed } from "../outline.ts";
import { nameKernels } from "./missing-kernel.ts";
import type { DeviceTensor, Program } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";
import { inScope } from "./scope.ts";

/** A model that was run on empty pictures: what it takes, and where its scores and maps are. */
export interface ProbedModel {
  readonly program: Program;
  readonly outline: Outline;
  readonly image: PictureInput;
  /** Dims of one picture as it goes in. */
  readonly pictureDims: readonly number[];
}

/** The one input that takes pictures. */
export interface PictureInput {
  readonly name: string;
  readonly layout: "NCHW" | "NHWC";
  readonly channels: number;
  /** null: the file leaves it free. */
  readonly heightPx: number | null;
  readonly widthPx: number | null;
  /** The only batch size it takes; null: any. */
  readonly fixedBatch: number | null;
}

/** Sizes for models that leave height and width free. */
export interface ProbeOptions {
  readonly file: string;
  readonly heightPx?: number | undefined;
  readonly widthPx?: number | undefined;
}

const usualSide = 224;
/** No picture is larger: half a GiB of float32. */
const mostValues = 2 ** 27;
const colourCounts: readonly (number | null | undefined)[] = [1, 3, 4];

/**
 * Runs the model on two pictures and on one: what grows is the batch. Refuses with the catalogue's `model/…` and
 * `tensorflow/…`.
 */
export function probe(program: Program, options: ProbeOptions, runtime: TensorFlow): ProbedModel {
  const { file } = options;
  const stated = pictureInput(program, file);
  const heightPx = stated.heightPx ?? options.heightPx ?? usualSide;
  const widthPx = stated.widthPx ?? options.widthPx ?? usualSide;
  const { channels, layout, name } = stated;
  const pictureDims =
    layout === "NHWC" ? [heightPx, widthPx, channels] : [channels, heightPx, widthPx];
  if (pictureDims.reduce((size, dim) => size * dim, 1) > mostValues)
    fail("tensorflow/unreadable", { file, why: `its pictures would be ${heightPx} × ${widthPx}` });
  const run = (rows: number) => shapesOf(program, [rows, ...pictureDims], runtime);
  let { fixedBatch } = stated;
  let probed: ReadonlyMap<string, Probed>;
  try {
    const one = run(fixedBatch ?? 1);
    const two = fixedBatch === null ? attempt(() => run(2)) : null;
    if (fixedBatch === null && !two) fixedBatch = 1;
    probed = compare(two ?? one, two ? one : null, fixedBatch ?? 1);
  } catch (error) {
    throw asRefusal(error, file);
  }
  const { steps, outputs } = program;
  const outline = outlineOf(steps, probed, {
    file,
    image: name,
    layout,
    heightPx,
    widthPx,
    outputs,
  });
  return { program, outline, image: { ...stated, fixedBatch }, pictureDims };
}

function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function pictureInput({ input }: Program, file: string): PictureInput {
  const [batch = null, second = null, third = null, last = null] = input.dims;
  const isColours = (dim: number | null) => colourCounts.includes(dim);
  const isFirst = isColours(second) && !isColours(last);
  const channels = isFirst ? second : last;
  if (input.dims.length !== 4 || (channels !== null && !isColours(channels)))
    fail("model/no-image-input", { file, inputs: `"${input.name}" [${input.dims.join(", ")}]` });
  return {
    name: input.name,
    layout: isFirst ? "NCHW" : "NHWC",
    channels: channels ?? 3,
    heightPx: isFirst ? third : second,
    widthPx: isFirst ? last : third,
    fixedBatch: batch,
  };
}

type Found = ReadonlyMap<string, Pick<DeviceTensor, "shape" | "dtype">>;

/** Shapes of all values for pictures of zeros. */
function shapesOf(program: Program, dims: readonly number[], { tf, device }: TensorFlow): Found {
  const { input, steps, run } = program;
  return inScope(tf, () => {
    const image = tf.zeros([...dims], input.type);
    const feeds = new Map([[input.name, image]]);
    const inner = new Set(steps.flatMap((step) => step.inputs));
    const made = steps.flatMap((step) => step.outputs).filter((name) => !isInner(name, inner));
    const values = nameKernels(() => run(feeds, made), { program, feeds, tf, device });
    return new Map<string, Pick<DeviceTensor, "shape" | "dtype">>([
      [input.name, { shape: [...dims], dtype: input.type }],
      ...made.map((name, i) => {
        const { shape = [], dtype = "float32" as const } = values[i] ?? {};
        return [name, { shape, dtype }] as const;
      }),
    ]);
  });

  /** Between a fused step and its activation: only the outline knows it. */
  function isInner(name: string, read: ReadonlySet<string>): boolean {
    return name.endsWith("/linear") && read.has(name) && program.isFused;
  }
}

function compare(found: Found, other: Found | null, rows: number): Map<string, Probed> {
  return new Map(
    [...found].map(([name, { shape, dtype }]) => {
      const single = other?.get(name)?.shape;
      const batchFactor = shape.map((dim, i) => {
        if (!single) return i === 0 && dim % rows === 0 ? dim / rows : 0;
        return dim === single[i] ? 0 : dim - (single[i] ?? dim);
      });
      const type = dtype === "float32" ? "f32" : dtype === "bool" ? "bool" : "i32";
      return [name, { dims: shape, batchFactor, type }];
    }),
  );
}

function asRefusal(error: unknown, file: string): Error {
  if (error instanceof AppError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const unknown = /Unknown op '([^']*)'/.exec(why)?.[1];
  if (unknown !== undefined)
    return new AppError(
      "tensorflow/unknown-operator",
      { file, op: unknown, node: "" },
      { cause: error },
    );
  const line = (why.split("\n")[0] ?? "").slice(0, 200);
  return new AppError(
    "tensorflow/unreadable",
    { file, why: `TensorFlow.js says "${line}"` },
    { cause: error },
  );
}
