import type { NamedTensorMap } from "@tensorflow/tfjs-core";
import type {
  LayersModel,
  LayerVariable,
  SymbolicTensor,
  layers as Kinds,
} from "@tensorflow/tfjs-layers";
import { fail } from "../../../shared/errors/app-error.ts";
import { sizeOf } from "../../../shared/domain/tensor.ts";
import { largestWeight, registerKerasLayers } from "./keras-layers.ts";
import { normaliseTopology, type LayerJson } from "./keras-topology.ts";
import { layerOperator, activationOperator } from "./layer-operators.ts";
import type { TensorFlowFiles } from "./model-files.ts";
import type { DeviceTensor, LearntWeight, Program, ProgramInput, ProgramStep } from "./program.ts";
import type { TensorFlow } from "./runtime.ts";

type Layer = Kinds.Layer;

/** What layers with a built-in activation have: it becomes a step of its own. */
interface WithActivation {
  activation?: { apply(x: DeviceTensor): DeviceTensor; getClassName(): string };
}

interface RunnableStep extends ProgramStep {
  run(inputs: DeviceTensor[]): DeviceTensor | DeviceTensor[];
}

/** Loads a LayersModel and lays it out flat. Refuses with the catalogue's `tensorflow/…`. */
export async function loadLayersProgram(
  files: TensorFlowFiles,
  runtime: TensorFlow,
): Promise<Program> {
  registerKerasLayers(runtime);
  const { fileName: file } = files;
  const topology = normaliseTopology(files.topology, file);
  checkKinds(topology, runtime, file);
  largestWeight.values = Math.max(0, ...files.weights.map(({ spec }) => sizeOf(spec.shape)));
  const model = await build(topology, runtime, file); // nothing else loads in between
  try {
    return layOut(model, setWeights(model, files, runtime), runtime, file);
  } catch (error) {
    disposeWeights(model);
    throw error;
  }
}

function checkKinds(layer: LayerJson, { tf }: TensorFlow, file: string): void {
  const known = tf.serialization.SerializationMap.getMap().classNameMap;
  if (!(layer.class_name in known))
    fail("tensorflow/unknown-layer", { file, layer: layer.class_name, node: layer.name ?? "" });
  const nested = layer.config["layers"];
  if (Array.isArray(nested))
    for (const one of nested as LayerJson[]) checkKinds(one, { tf } as TensorFlow, file); // normalised before
}

async function build(
  topology: LayerJson,
  { layers, tf }: TensorFlow,
  file: string,
): Promise<LayersModel> {
  const before = new Set(Object.values(tf.engine().registeredVariables));
  try {
    return await layers.models.modelFromJSON(topology as never); // a JSON object, as the declared type asks
  } catch (cause) {
    for (const variable of Object.values(tf.engine().registeredVariables))
      if (!before.has(variable)) variable.dispose();
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail(
      "tensorflow/unreadable",
      { file, why: `its layers do not fit together (${firstLine(why)})` },
      { cause },
    );
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 200);
}

/**
 * Gives every variable its weight: by its full name, else by layer and own name wherever they stand (Keras 3 and nested
 * models put folders in front), else by layer and position. Each weight is used once. Returns the weights' names.
 */
function setWeights(
  model: LayersModel,
  files: TensorFlowFiles,
  { tf }: TensorFlow,
): ReadonlyMap<LayerVariable, string> {
  const { fileName: file, weights, bytes } = files;
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const found = tf.io.decodeWeights(
    buffer as ArrayBuffer, // never shared: it was just cut out
    weights.map(({ spec }) => spec),
  );
  const names = new Map<LayerVariable, string>();
  try {
    const free = new Set(Object.keys(found));
    for (const layer of flatten(model.layers)) {
      layer.weights.forEach((variable, i) => {
        const name = nameFor(variable, layer.name, i, free);
        const value = name === undefined ? undefined : found[name];
        if (name === undefined || !value)
          fail("tensorflow/unreadable", {
            file,
            why: `weight "${variable.originalName}" is not in it`,
          });
        if (value.shape.join() !== variable.shape.join())
          fail("tensorflow/unreadable", {
            file,
            why: `weight "${name}" is of ${value.shape.join(" × ")} where ${variable.shape.join(" × ")} is needed`,
          });
        free.delete(name);
        variable.write(value);
        names.set(variable, name);
      });
    }
    return names;
  } finally {
    tf.dispose(found as NamedTensorMap);
  }
}

/** Each variable by itself: the model's own `dispose` forgets models within models. */
function disposeWeights(model: LayersModel): void {
  const variables = new Set(flatten(model.layers).flatMap(({ weights }) => weights));
  for (const variable of variables) variable.dispose();
}

function flatten(layers: readonly Layer[]): Layer[] {
  return layers.flatMap(
    (layer) => ("layers" in layer ? flatten((layer as LayersModel).layers) : [layer]), // only models have layers of their own
  );
}

function nameFor(
  variable: LayerVariable,
  layer: string,
  position: number,
  free: ReadonlySet<string>,
): string | undefined {
  const { originalName: full } = variable;
  if (free.has(full)) return full;
  const own = full.split("/").at(-1) ?? full;
  const plain = own.replace(/^depthwise_/, "");
  const places = [...free].map((name) => ({ name, parts: name.split("/") }));
  const ending = (...tail: string[]) =>
    places.find(({ parts }) => parts.slice(-tail.length).join("/") === tail.join("/"))?.name;
  return (
    ending(layer, own) ??
    ending(layer, plain) ??
    places.find(({ parts }) => parts.includes(layer) && parts.at(-1) === own)?.name ??
    ending(layer, "vars", String(position)) ??
    ending(layer, String(position))
  );
}

function layOut(
  model: LayersModel,
  weightNames: ReadonlyMap<LayerVariable, string>,
  { tf, layers }: TensorFlow,
  file: string,
): Program {
  const steps: RunnableStep[] = [];
  const taken = new Set<string>();
  const [image, ...others] = model.inputs;
  if (!image) return fail("model/no-image-input", { file, inputs: "none" });
  const listed = model.inputs
    .map(({ name, shape }) => `"${name}" [${shape.join(", ")}]`)
    .join(", ");
  if (others.length > 0) fail("model/other-inputs", { file, inputs: listed });
  const input: ProgramInput = {
    name: fresh(image.sourceLayer.name),
    dims: image.shape,
    type: image.dtype === "int32" ? "int32" : "float32",
  };
  const known = new Map([[image.id, input.name]]);
  const inner = new Map<unknown, Map<number, string>>();
  const outputs = model.outputs.map((output) => valueOf(output, known, ""));
  return {
    input,
    outputs,
    isFused: false,
    steps,
    run: (feeds, wanted) => runSteps(steps, feeds, wanted),
    dispose: () => disposeWeights(model),
  };

  function fresh(wish: string): string {
    let name = wish;
    for (let n = 2; taken.has(name); n++) name = `${wish}_${n}`;
    taken.add(name);
    return name;
  }

  /** The name of a symbolic tensor's value; what makes it is laid out first. `known` is of the model it belongs to. */
  function valueOf(tensor: SymbolicTensor, known: Map<number, string>, prefix: string): string {
    const found = known.get(tensor.id);
    if (found !== undefined) return found;
    const { sourceLayer: layer, nodeIndex, tensorIndex } = tensor;
    const call = layer.inboundNodes[nodeIndex];
    if (!call || call.inputTensors.length === 0)
      return fail("model/other-inputs", { file, inputs: `${listed}, "${layer.name}"` });
    const inputs = call.inputTensors.map((one) => valueOf(one, known, prefix));
    if (layer instanceof layers.LayersModel) {
      const within =
        inner.get(call) ?? new Map(layer.inputs.map(({ id }, i) => [id, inputs[i] ?? ""]));
      inner.set(call, within);
      const [output] = layer.outputs.slice(tensorIndex);
      const name = output ? valueOf(output, within, `${prefix}${layer.name}/`) : "";
      known.set(tensor.id, name);
      return name;
    }
    const names = addLayer(layer, inputs, prefix, call.outputTensors.length);
    call.outputTensors.forEach(({ id }, i) => known.set(id, names[i] ?? ""));
    return names[tensorIndex] ?? "";
  }

  function addLayer(layer: Layer, inputs: string[], prefix: string, count: number): string[] {
    const wish = taken.has(layer.name) ? `${prefix}${layer.name}` : layer.name;
    const kind = layer.getClassName();
    if (kind === "BatchNormalization") giveScale(layer);
    const { activation } = layer as Layer & WithActivation; // absent on most layers
    const bends = kind !== "Activation" && activation && activation.getClassName() !== "linear";
    const name = fresh(wish);
    const first = bends ? fresh(`${name}/linear`) : name;
    const outputs = Array.from({ length: count }, (_, i) =>
      i === 0 ? first : fresh(`${name}:${i}`),
    );
    steps.push({
      name,
      ...layerOperator(layer),
      learnt: learntBy(layer, weightNames),
      inputs,
      outputs,
      run: (values) => {
        const given = values.length === 1 ? values[0] : values;
        return withoutActivation(
          layer,
          Boolean(bends),
          () => layer.call(given as DeviceTensor, { training: false }), // single inputs go in alone
        );
      },
    });
    if (!bends || !activation) return outputs;
    steps.push({
      name: `${name}/${activation.getClassName()}`,
      op: activationOperator(activation.getClassName()),
      weights: [],
      learnt: [],
      inputs: [first],
      outputs: [name],
      run: ([x]) => activation.apply(x as DeviceTensor), // steps get as many values as they read
    });
    return [name, ...outputs.slice(1)];
  }

  /** A norm without a scale gets one of ones: TensorFlow.js cannot differentiate it otherwise. */
  function giveScale(layer: Layer): void {
    const norm = layer as Layer & { scale?: boolean; gamma?: unknown }; // fields of this kind
    if (norm.scale !== false) return;
    const channels = layer.inboundNodes[0]?.inputTensors[0]?.shape.at(-1) ?? 1;
    norm.scale = true;
    norm.gamma = { read: () => tf.ones([channels]) };
  }

  /** The layer as if its activation were none; put back at once, since layers may be shared. */
  function withoutActivation<T>(layer: Layer & WithActivation, bends: boolean, run: () => T): T {
    if (!bends) return run();
    const { activation } = layer;
    layer.activation = linear();
    try {
      return run();
    } finally {
      if (activation) layer.activation = activation;
    }
  }

  function linear(): NonNullable<WithActivation["activation"]> {
    const [Linear] = tf.serialization.SerializationMap.getMap().classNameMap["linear"] ?? [];
    if (!Linear) throw new RangeError("TensorFlow.js has no linear activation");
    return new Linear() as unknown as NonNullable<WithActivation["activation"]>; // an activation by its name
  }
}

/** Kernels and biases by what Keras calls them; of a normalisation over the batch everything, of other kinds nothing else. */
function learntBy(layer: Layer, names: ReadonlyMap<LayerVariable, string>): LearntWeight[] {
  const isNorm = layer.getClassName() === "BatchNormalization";
  return layer.weights.flatMap((variable): LearntWeight[] => {
    const name = names.get(variable);
    const own = variable.originalName.split("/").at(-1) ?? "";
    if (name === undefined) return [];
    if (isNorm) return [{ name, role: "statistic" }];
    if (own === "bias") return [{ name, role: "bias" }];
    return own.endsWith("kernel") ? [{ name, role: "kernel" }] : [];
  });
}

/** Runs what leads from `feeds` to `wanted`, and nothing else. */
function runSteps(
  steps: readonly RunnableStep[],
  feeds: ReadonlyMap<string, DeviceTensor>,
  wanted: readonly string[],
): DeviceTensor[] {
  const needed = new Set(wanted);
  const due = steps.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((name) => needed.has(name) && !feeds.has(name))) return false;
    for (const name of inputs) needed.add(name);
    return true;
  });
  const values = new Map(feeds);
  const valueOf = (name: string) => {
    const value = values.get(name);
    if (!value) throw new RangeError(`nothing makes "${name}"`);
    return value;
  };
  for (const step of due.reverse()) {
    const made = [step.run(step.inputs.map(valueOf))].flat();
    step.outputs.forEach((name, i) => {
      const value = made[i];
      if (value && !feeds.has(name)) values.set(name, value);
    });
  }
  return wanted.map(valueOf);
}
