type Fields = Record<string, unknown>;

const layerModule = "keras.layers";

/**
 * A Keras 2 topology as Keras 3 writes it: `module` and `registered_name` beside each class, type policies and initializers as
 * objects, `batch_shape`, activations that are functions with a module, calls of `args` and `kwargs` over `__keras_tensor__`,
 * and weights under folders.
 */
export function asKeras3(model: {
  readonly modelTopology: Fields;
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly Fields[];
  }[];
}): object {
  const config = model.modelTopology["model_config"] as Fields;
  return {
    format: "layers-model",
    generatedBy: "keras v3.6.0",
    convertedBy: "TensorFlow.js Converter v4.22.0",
    modelTopology: { keras_version: "3.6.0", backend: "tensorflow", model_config: layer(config) },
    weightsManifest: model.weightsManifest.map(({ paths, weights }) => ({
      paths,
      weights: weights.map((weight) => ({ ...weight, name: `backbone/${String(weight["name"])}` })),
    })),
  };
}

function layer(value: Fields): Fields {
  const {
    class_name: kind,
    config,
    inbound_nodes: nodes,
    name,
  } = value as {
    class_name: string;
    config: Fields;
    inbound_nodes?: unknown[][][];
    name?: string;
  };
  const own: Fields = {};
  for (const [key, setting] of Object.entries(config)) Object.assign(own, settingOf(key, setting));
  own["dtype"] = {
    module: "keras",
    class_name: "DTypePolicy",
    config: { name: "float32" },
    registered_name: null,
  };
  return {
    module: layerModule,
    class_name: kind === "Model" ? "Functional" : kind,
    config: own,
    registered_name: null,
    ...(name === undefined ? {} : { name }),
    ...(nodes ? { inbound_nodes: nodes.map(call) } : {}),
  };
}

function settingOf(key: string, value: unknown): Fields {
  if (key === "batch_input_shape") return { batch_shape: value };
  if (key === "layers") return { layers: (value as Fields[]).map(layer) };
  if (key === "axis" && Array.isArray(value)) return { axis: value[0] as number };
  if (key === "alpha") return { negative_slope: value };
  if (key === "input_layers" || key === "output_layers") return { [key]: (value as unknown[])[0] };
  if (key === "activation" && value === "tanh")
    return {
      activation: {
        module: "builtins",
        class_name: "function",
        config: "tanh",
        registered_name: "function",
      },
    };
  if (key.endsWith("_initializer"))
    return {
      [key]: {
        module: "keras.initializers",
        class_name: "Zeros",
        config: {},
        registered_name: null,
      },
    };
  return { [key]: value };
}

function call(tensors: readonly (readonly unknown[])[]): object {
  const args = tensors.map(([name, node, tensor]) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null], dtype: "float32", keras_history: [name, node, tensor] },
  }));
  return { args: args.length > 1 ? [args] : args, kwargs: {} };
}
