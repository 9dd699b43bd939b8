import { availableParallelism } from "node:os";
import type { RuntimeProvider } from "../../../shared/domain/device.ts";
import { InferenceSession, Tensor as RuntimeTensor } from "onnxruntime-node";
import { bytesOf, countOf } from "../onnx/constant.ts";
import type { Evaluate, Evaluation } from "../onnx/evaluation.ts";
import type { Constant, ElementType, Graph } from "../onnx/graph.ts";
import { writeGraph } from "../onnx/wire.ts";
import { runtimeNames } from "./providers.ts";

/**
 * The only door to onnxruntime. Tensors go in and come out as constants: element type, dims, bytes. Level `all`
 * everywhere; threads do not spin, because several sessions live at once (five times slower otherwise).
 */

/** A session and the one way to run it. */
export interface RuntimeSession extends Evaluation {
  readonly outputNames: readonly string[];
}

export interface RuntimeOptions {
  /** Threads within one operator; all cores unless stated. */
  readonly threads?: number;
  /** Where it runs; the processor unless stated. What a device cannot run, the processor does. */
  readonly provider?: RuntimeProvider;
  /** The runtime's own rewrites: all of them unless stated. */
  readonly level?: "all" | "disabled" | "basic" | "extended";
}

const toRuntimeType = {
  f32: "float32",
  f64: "float64",
  f16: "float16",
  bf16: "bfloat16",
  i8: "int8",
  u8: "uint8",
  i16: "int16",
  u16: "uint16",
  i32: "int32",
  u32: "uint32",
  i64: "int64",
  u64: "uint64",
  bool: "bool",
  string: "string",
} as const satisfies Record<ElementType, string>;
const fromRuntimeType = new Map<string, ElementType>(
  Object.entries(toRuntimeType).map(([type, runtime]) => [runtime, type as ElementType]), // keys of the table above
);

/** Loads a model. */
export async function createSession(
  model: Uint8Array | Graph,
  options: RuntimeOptions = {},
): Promise<RuntimeSession> {
  const bytes = model instanceof Uint8Array ? model : writeGraph(model);
  const { provider = "cpu" } = options;
  const session = await InferenceSession.create(bytes, {
    executionProviders: provider === "cpu" ? ["cpu"] : [runtimeNames[provider], "cpu"],
    graphOptimizationLevel: options.level ?? "all",
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    executionMode: "sequential",
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
  return {
    outputNames: session.outputNames,
    outputTypes: new Map(
      session.outputMetadata.flatMap((info) => {
        const type = info.isTensor ? fromRuntimeType.get(info.type) : undefined;
        return type ? [[info.name, type] as const] : [];
      }),
    ),
    async run(feeds, fetches = session.outputNames) {
      const inputs = Object.fromEntries([...feeds].map(([name, value]) => [name, toTensor(value)]));
      const results = await session.run(inputs, [...fetches]);
      return new Map(fetches.map((name) => [name, fromTensor(results[name], name)]));
    },
    close: () => session.release(),
  };
}

/** What passes are handed to evaluate with. */
export const evaluate: Evaluate = (graph, how = "optimised") =>
  createSession(graph, { level: how === "plain" ? "basic" : "all" });

/** Runs a graph once: for passes that evaluate, and for tests. */
export async function runGraph(
  graph: Graph,
  feeds: ReadonlyMap<string, Constant> = new Map(),
  options: RuntimeOptions = {},
): Promise<ReadonlyMap<string, Constant>> {
  const session = await createSession(graph, options);
  try {
    return await session.run(feeds);
  } finally {
    await session.close();
  }
}

// Half precision is missing: its bindings take no Float16Array, and Node has nothing else for it. Models are widened.
const arrays: Partial<
  Record<ElementType, new (buffer: ArrayBufferLike, at: number, length: number) => ArrayBufferView>
> = {
  f32: Float32Array,
  f64: Float64Array,
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  bool: Uint8Array,
};

function toTensor(value: Constant): RuntimeTensor {
  const View = arrays[value.type];
  if (!View) throw new RangeError(`cannot feed values of type ${value.type}`);
  const size = countOf(value.dims);
  const { buffer, byteOffset, byteLength } = value.bytes;
  const width = size === 0 ? 1 : byteLength / size;
  const data =
    byteOffset % width === 0
      ? new View(buffer, byteOffset, size)
      : new View(value.bytes.slice().buffer, 0, size);
  return new RuntimeTensor(
    toRuntimeType[value.type] as "float32",
    data as Float32Array,
    value.dims,
  ); // the table pairs name and array
}

function fromTensor(tensor: RuntimeTensor | undefined, name: string): Constant {
  const type = tensor && fromRuntimeType.get(tensor.type);
  if (!type || type === "string") throw new RangeError(`output "${name}" is no tensor of numbers`);
  const bytes = bytesOf(tensor.data as Float32Array); // any typed array: only its bytes are read
  return { type, dims: tensor.dims, bytes };
}
