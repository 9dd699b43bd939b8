import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type * as Wasm from "@tensorflow/tfjs-backend-wasm";
import type * as Converter from "@tensorflow/tfjs-converter";
import type * as Core from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";
import { findAddon } from "./addon-file.ts";
import { registerDilatedGradients } from "./kernels/dilated.ts";
import { registerKernels } from "./kernels/registry.ts";

/**
 * The only door to TensorFlow.js. Everything is loaded by `require`: the packages' main files are CommonJS, the native
 * package requires the same ones, and two copies of the core would each hold its own tensors. The `cpu` backend comes
 * along with the others and is never chosen: one of its kernels takes 244 s where wasm takes 0.6 s. The native package also
 * brings the bundle of everything, with a core of its own inside; kernels, gradients and tensors are kept globally, so the
 * two work as one.
 */

/** TensorFlow.js with a backend that works on this machine. */
export interface TensorFlow {
  readonly tf: typeof Core;
  readonly layers: typeof Layers;
  readonly converter: typeof Converter;
  /** As people read it: "tensorflow · native CUDA", "tensorflow · native CPU" or "tensorflow · wasm". */
  readonly device: string;
  readonly isNative: boolean;
  /** Why an add-on that is there is not used; null when it is used or absent. */
  readonly addonProblem: string | null;
  /** TensorFlow's own readers; null on wasm. */
  readonly native: NativeReaders | null;
}

/** What only the native package has. */
export interface NativeReaders {
  loadSavedModel(
    folder: string,
    tags: string[],
    signature: string,
  ): Promise<Core.InferenceModel & { dispose(): void }>;
  getMetaGraphsFromSavedModel(folder: string): Promise<readonly MetaGraph[]>;
}

/** One graph of a SavedModel, as far as it is read. */
export interface MetaGraph {
  readonly tags: readonly string[];
  readonly signatureDefs: Readonly<
    Record<string, Readonly<Record<"inputs" | "outputs", Record<string, SignatureTensor>>>>
  >;
}

export interface SignatureTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: unknown;
}

const packages = "@tensorflow/";
const require = createRequire(import.meta.url);
let loaded: Promise<TensorFlow> | null = null;

/** Loads TensorFlow.js once per process: on its native add-on when that is built and loads, else on wasm. */
export function tensorflow(): Promise<TensorFlow> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<TensorFlow> {
  const tf = require(`${packages}tfjs-core`) as TensorFlow["tf"]; // the package's own types
  const layers = require(`${packages}tfjs-layers`) as TensorFlow["layers"]; // the package's own types
  const converter = require(`${packages}tfjs-converter`) as TensorFlow["converter"]; // the package's own types
  tf.enableProdMode();
  const common = { tf, layers, converter };
  const versions = [tf.version_core, layers.version_layers, converter.version_converter];
  const { found, problem } = await loadNative(tf, versions);
  if (!found) await loadWasm(tf, versions);
  registerDilatedGradients(tf); // last: the native package brings a second copy of the core, which registers its own
  if (found) return { ...common, ...found, isNative: true, addonProblem: null };
  return {
    ...common,
    device: "tensorflow · wasm",
    isNative: false,
    addonProblem: problem,
    native: null,
  };
}

/** Kernels, gradients and layers of different releases do not fit together, and fail far from the cause. */
function assertOneVersion(versions: readonly string[]): void {
  if (new Set(versions).size !== 1)
    throw new Error(`TensorFlow.js packages of different versions: ${versions.join(", ")}`);
}

async function loadWasm(tf: TensorFlow["tf"], versions: readonly string[]): Promise<void> {
  const name = `${packages}tfjs-backend-wasm`;
  const wasm = require(name) as typeof Wasm; // the package's own types
  assertOneVersion([...versions, wasm.version_wasm]);
  wasm.setWasmPaths(dirname(require.resolve(name)) + sep);
  const listeners = processEvents.map((event) => process.listeners(event as "exit"));
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend did not start");
  await tf.ready();
  // The compiled module listens for every failure of the process, to throw it again: what happens then is not its business.
  for (const [i, event] of processEvents.entries())
    for (const listener of process.listeners(event as "exit"))
      if (!listeners[i]?.includes(listener)) process.off(event, listener);
  registerKernels(tf);
}

const processEvents = ["uncaughtException", "unhandledRejection"] as const;

type Found = Pick<TensorFlow, "device"> & { readonly native: NativeReaders };

async function loadNative(
  tf: TensorFlow["tf"],
  versions: readonly string[],
): Promise<{ readonly found: Found | null; readonly problem: string | null }> {
  const folder = packageFolder();
  const addon = folder && findAddon(folder);
  if (!folder || !addon) return { found: null, problem: null };
  try {
    provideOldUtil();
    process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2"; // its start-up notes would mix with a command's output
    const part = (file: string): unknown => require(join(folder, "dist", file));
    const binding: unknown = require(addon);
    // The package's main file looks for its add-on in one place only; its parts are put together here as it does.
    part("register_all_kernels.js");
    const { NodeJSKernelBackend } = part("nodejs_kernel_backend.js") as BackendModule; // the package's own exports
    const { version } = part("version.js") as { version: string }; // the package's own exports
    assertOneVersion([...versions, version]);
    const backend = new NodeJSKernelBackend(binding, `${packages}tfjs-node-gpu`);
    tf.registerBackend("tensorflow", () => backend, 3);
    if (!(await tf.setBackend("tensorflow"))) throw new Error("its backend did not start");
    proveItWorks(tf);
    return {
      found: {
        device: `tensorflow · native ${backend.isUsingGpuDevice ? "CUDA" : "CPU"}`,
        native: part("saved_model.js") as NativeReaders, // the package's own exports
      },
      problem: null,
    };
  } catch (cause) {
    tf.removeBackend("tensorflow");
    return { found: null, problem: cause instanceof Error ? cause.message : String(cause) };
  }
}

interface BackendModule {
  readonly NodeJSKernelBackend: new (
    binding: unknown,
    packageName: string,
  ) => Core.KernelBackend & { readonly isUsingGpuDevice: boolean };
}

/** The optional package's folder; null where it was not installed. */
function packageFolder(): string | null {
  try {
    return dirname(require.resolve(`${packages}tfjs-node-gpu/package.json`));
  } catch {
    return null;
  }
}

/** Node 23 removed `util.isNullOrUndefined`, which the package calls whenever it builds an operation's attributes. */
function provideOldUtil(): void {
  const util = require("node:util") as { isNullOrUndefined?: (value: unknown) => boolean }; // gone since Node 23
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

function proveItWorks(tf: TensorFlow["tf"]): void {
  const [product] = tf.tidy(() => tf.matMul([[1, 2]], [[3], [4]]).dataSync());
  if (product !== 11) throw new Error(`it answers ${product} to 1·3 + 2·4`);
}
