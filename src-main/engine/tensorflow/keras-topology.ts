import { fail } from "../../../shared/errors/app-error.ts";
import { asRescaling } from "./keras-arithmetic.ts";
import { isRecord } from "./model-files.ts";

/** Fields of one object of a topology. */
type Fields = Record<string, unknown>;
/** A layer, or a model, as a topology writes it. */
export interface LayerJson {
  readonly class_name: string;
  readonly config: Fields;
  readonly name?: string;
  readonly inbound_nodes?: readonly unknown[];
}

/** The name under which `keras-layers.ts` registers an initializer that fills nothing and counts. */
export const boundedZeros = "HansightZeros";

const deepest = 64;

/**
 * A Keras topology as TensorFlow.js reads it. Keras 2 needs its axes and initializers put right. Keras 3 differs in
 * `module` and `registered_name` beside each class, objects where names stood (`dtype` policies, activations),
 * `batch_shape`, and calls of `args` and `kwargs` that hold `__keras_tensor__`. Weights come from the file, so every
 * initializer becomes one that counts values: a topology could ask for more than there is memory for.
 */
export function normaliseTopology(topology: Fields, file: string): LayerJson {
  const held = topology["model_config"] ?? topology;
  const isKeras3 = String(topology["keras_version"]).startsWith("3");
  const root: unknown = typeof held === "string" ? parseJson(held) : held;
  const refuse = (why: string) => fail("tensorflow/unreadable", { file, why });
  return layer(root, 0);

  function parseJson(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      return fail("tensorflow/unreadable", { file, why: "its topology ends early" }, { cause });
    }
  }

  function layer(value: unknown, depth: number): LayerJson {
    if (depth > deepest) refuse("its models are nested too deeply");
    if (!isRecord(value) || typeof value["class_name"] !== "string")
      return refuse("its topology lists something that is no layer");
    const simple = asRescaling(value);
    if (simple) return layer(simple, depth + 1);
    const { class_name: kind, inbound_nodes: nodes } = value;
    const own = isRecord(value["config"]) ? value["config"] : {};
    // Sequential models of Keras 2.1 and before hold their layers in place of a config.
    const config = Array.isArray(value["config"]) ? { layers: value["config"] } : own;
    const name = typeof value["name"] === "string" ? value["name"] : nameIn(config);
    const isModel = Array.isArray(config["layers"]);
    const result: LayerJson = {
      class_name: isModel ? kind : kindOf(kind, config),
      config: isModel ? modelConfig(kind, config, depth) : layerConfig(kind, config, name),
    };
    return {
      ...result,
      ...(name === undefined ? {} : { name }),
      ...(Array.isArray(nodes) ? { inbound_nodes: nodes.map((node) => call(node, name)) } : {}),
    };
  }

  function modelConfig(kind: string, config: Fields, depth: number): Fields {
    const layers = (config["layers"] as unknown[]).map((one) => layer(one, depth + 1)); // seen to be an array
    if (kind === "Sequential")
      return { name: config["name"], layers: withInputShape(layers, config) };
    return {
      name: config["name"],
      layers,
      input_layers: references(config["input_layers"]),
      output_layers: references(config["output_layers"]),
    };
  }

  /** Keras 3 may tell a Sequential's input beside its layers. */
  function withInputShape(layers: readonly LayerJson[], config: Fields): readonly LayerJson[] {
    const [first, ...others] = layers;
    if (!first) return layers;
    // Old files repeat a shape on later layers, where it need not hold.
    const rest = others.map((one) => {
      const { batch_input_shape: _, ...own } = one.config;
      return { ...one, config: own };
    });
    const shape = config["build_input_shape"];
    const isTold = first.class_name === "InputLayer" || Array.isArray(first.config["layers"]);
    if (isTold || !Array.isArray(shape) || first.config["batch_input_shape"] !== undefined)
      return [first, ...rest];
    return [{ ...first, config: { ...first.config, batch_input_shape: shape } }, ...rest];
  }

  function layerConfig(kind: string, config: Fields, node: string | undefined): Fields {
    const { batch_shape: shape, ...others } = config;
    const plain: Fields = {};
    for (const key of initializers) if (hasInitializer(kind, key)) plain[key] = noInitializer;
    for (const [key, value] of Object.entries(others)) plain[key] = setting(key, value, isKeras3);
    if (shape !== undefined) plain["batch_input_shape"] ??= shape;
    return byKind(kind, plain, (what) =>
      fail("tensorflow/layer-setting", { file, node: node ?? kind, setting: what }),
    );
  }

  /** One call of a layer: `[[layer, node, tensor, {}], …]`. */
  function call(node: unknown, name: string | undefined): unknown {
    if (!isRecord(node)) return node;
    const tensors: unknown[] = [];
    collect(node["args"], tensors, 0);
    const byName: unknown[] = [];
    collect(node["kwargs"], byName, 0);
    if (byName.length > 0)
      fail("tensorflow/layer-setting", { file, node: name ?? "", setting: "inputs given by name" });
    return tensors;
  }

  function collect(value: unknown, into: unknown[], depth: number): void {
    if (depth > deepest) refuse("its layers are called with something nested too deeply");
    if (Array.isArray(value)) for (const one of value) collect(one, into, depth + 1);
    if (!isRecord(value)) return;
    if (value["class_name"] !== "__keras_tensor__") {
      for (const one of Object.values(value)) collect(one, into, depth + 1);
      return;
    }
    const history = isRecord(value["config"]) ? value["config"]["keras_history"] : undefined;
    if (!Array.isArray(history) || history.length !== 3) refuse("a layer's input has no origin");
    into.push([...(history as unknown[]), {}]); // seen to be an array
  }

  /** A single input or output may be written without the list around it. */
  function references(value: unknown): unknown {
    if (Array.isArray(value) && typeof value[0] === "string") return [value];
    return value;
  }
}

/** Also where a file names none: the defaults are random numbers, of as many values as the topology likes. */
const initializers =
  "kernel bias depthwise pointwise gamma beta moving_mean moving_variance alpha embeddings recurrent"
    .split(" ")
    .map((name) => `${name}_initializer`);
/** A separable convolution has two kernels and refuses settings of a third. */
function hasInitializer(kind: string, key: string): boolean {
  if (kind === "SeparableConv2D") return !key.startsWith("kernel");
  return kind !== "InputLayer";
}

const noInitializer = { class_name: boundedZeros, config: {} };

function nameIn(config: Fields): string | undefined {
  return typeof config["name"] === "string" ? config["name"] : undefined;
}

/** One setting of a layer. Only inference is run: what shapes training alone is left off. */
function setting(key: string, value: unknown, isKeras3: boolean): unknown {
  if (key.endsWith("_initializer")) return noInitializer;
  if (key.endsWith("_regularizer") || key.endsWith("_constraint")) return null;
  if (key === "dtype") return typeOf(value);
  if (key === "activation" || key === "recurrent_activation")
    return activationName(value, isKeras3);
  return value;
}

/** A policy by its name; mixed precision computes in float32 here. */
function typeOf(value: unknown): unknown {
  const name = isRecord(value) && isRecord(value["config"]) ? value["config"]["name"] : value;
  if (typeof name !== "string") return "float32";
  return ["int32", "bool", "uint8"].includes(name) ? name.replace("uint8", "int32") : "float32";
}

/** `hard_sigmoid` changed its slope between Keras 2 (0.2) and Keras 3 (1/6). */
function activationName(value: unknown, isKeras3: boolean): unknown {
  const name = isRecord(value) ? (value["config"] ?? value["class_name"]) : value;
  const known = typeof name === "string" ? name : isRecord(value) ? value["class_name"] : value;
  return known === "hard_sigmoid" && isKeras3 ? "hansightHardSigmoid" : known;
}

/** What single kinds of layers write otherwise than TensorFlow.js reads, and what it would silently leave out. */
function byKind(kind: string, config: Fields, refuse: (what: string) => never): Fields {
  const number = (key: string) => (typeof config[key] === "number" ? config[key] : 0);
  const slope = config["negative_slope"] ?? config["alpha"];
  if (config["data_format"] === "channels_first") refuse("channels in front");
  switch (kind) {
    case "BatchNormalization":
      return { ...config, axis: only(config["axis"]) };
    case "LeakyReLU":
    case "ELU":
      return slope === undefined ? config : { ...config, alpha: slope };
    case "ReLU":
      if (number("threshold") !== 0) refuse("a threshold");
      if (number("negative_slope") !== 0) refuse("a negative slope");
      return config;
    case "DepthwiseConv2D":
      if (isMoreThanOne(config["dilation_rate"])) refuse("a dilated depthwise kernel");
      return config;
    case "Conv2D":
    case "SeparableConv2D":
      if (number("groups") > 1) refuse("groups of channels");
      return kind === "Conv2D" ? config : withoutKernel(config);
    case "Conv2DTranspose":
      if (config["output_padding"]) refuse("output padding");
      return config;
    case "Resizing":
      if (config["crop_to_aspect_ratio"] || config["pad_to_aspect_ratio"])
        refuse("a kept aspect ratio");
      if (!["bilinear", "nearest", undefined].includes(config["interpolation"] as string))
        refuse("an unusual interpolation"); // any other value is refused
      return config;
    default:
      return config;
  }
}

function withoutKernel(config: Fields): Fields {
  return Object.fromEntries(
    Object.entries(config).filter(([key]) => !key.startsWith("kernel_") || key === "kernel_size"),
  );
}

function only(axis: unknown): unknown {
  return Array.isArray(axis) && axis.length === 1 ? axis[0] : axis;
}

function isMoreThanOne(rate: unknown): boolean {
  return [rate].flat().some((one) => typeof one === "number" && one > 1);
}

/** Kinds that TensorFlow.js lacks, or has with other numbers: `keras-layers.ts` registers them under these names. */
function kindOf(kind: string, config: Fields): string {
  if (kind in ownKinds) return ownKinds[kind as keyof typeof ownKinds]; // just seen to be a key
  const keepsDims = config["keepdims"] === true;
  if (kind === "GlobalAveragePooling2D" && keepsDims) return "HansightMeanPool";
  if (kind === "GlobalMaxPooling2D" && keepsDims) return "HansightMaxPool";
  return kind;
}

const ownKinds = {
  Normalization: "HansightNormalization",
  Resizing: "HansightResizing",
  CenterCrop: "HansightCenterCrop",
  RandomFlip: "HansightIdentity",
  RandomRotation: "HansightIdentity",
  RandomZoom: "HansightIdentity",
  RandomTranslation: "HansightIdentity",
  RandomContrast: "HansightIdentity",
  RandomBrightness: "HansightIdentity",
  RandomHeight: "HansightIdentity",
  RandomWidth: "HansightIdentity",
} as const;
