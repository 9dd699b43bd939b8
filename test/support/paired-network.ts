import { floatConstant } from "../../src-main/engine/onnx/constant.ts";
import type { Constant, Graph, Node } from "../../src-main/engine/onnx/graph.ts";
import { writeGraph } from "../../src-main/engine/onnx/wire.ts";
import { createRandom } from "./seeded.ts";

/** One network in both forms, from the same numbers. */
export interface PairedNetwork {
  readonly onnx: Uint8Array;
  /** A TensorFlow.js model's files by name. */
  readonly tfjs: { readonly "model.json": string; readonly "weights.bin": Uint8Array };
}

/** `pooled`: average, then one dense layer. `flattened`: all values through a bent dense layer, then another. */
export type PairedHead = "pooled" | "flattened";

export const pairedSide = 20;
export const pairedClasses = 5;

/**
 * A small classifier with what differs between the two worlds: uneven "same" padding at stride 2, depthwise kernels, a batch
 * norm, ReLU6, a skip connection, LeakyReLU before a max pooling (windows of negative values alone), an average pooling that
 * hangs over the border, softmax at the end. 20 × 20 × 3 in, five classes out.
 */
export function pairedNetwork(head: PairedHead, seed = 1): PairedNetwork {
  const random = createRandom(seed);
  const constants = new Map<string, Constant>();
  const nodes: Node[] = [];
  const layers: object[] = [];
  const weights: { readonly name: string; readonly shape: number[]; readonly dtype: "float32" }[] =
    [];
  const bytes: Float32Array[] = [];

  const numbers = (count: number, scale: number, shift = 0) =>
    Float32Array.from({ length: count }, () => (2 * random() - 1) * scale + shift);
  const store = (name: string, shape: number[], values: Float32Array) => {
    weights.push({ name, shape, dtype: "float32" });
    bytes.push(values);
  };
  const constant = (name: string, values: Float32Array, dims: number[]) => {
    constants.set(name, floatConstant(values, dims));
    return name;
  };
  const node = (
    op: string,
    inputs: string[],
    output: string,
    attributes: Node["attributes"] = {},
  ) => {
    nodes.push({ name: output, domain: "", op, inputs, outputs: [output], attributes });
    return output;
  };
  const ints = (...value: number[]) => ({ kind: "ints", value }) as const;
  const layer = (kind: string, name: string, inputs: string[], config: object) => {
    layers.push({
      class_name: kind,
      name,
      config: { name, trainable: true, ...config },
      inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])],
    });
    return name;
  };

  function conv(x: string, name: string, from: number, to: number, k: number, isSame: boolean) {
    const kernel = numbers(k * k * from * to, Math.sqrt(3 / (k * k * from)));
    const bias = numbers(to, 0.1);
    store(`${name}/kernel`, [k, k, from, to], kernel);
    store(`${name}/bias`, [to], bias);
    layer("Conv2D", name, [x], {
      filters: to,
      kernel_size: [k, k],
      strides: [1, 1],
      padding: isSame ? "same" : "valid",
      activation: "linear",
      use_bias: true,
    });
    const turned = turn(kernel, [k, k, from, to], [3, 2, 0, 1]);
    const pad = isSame ? (k - 1) / 2 : 0;
    const inputs = [
      x,
      constant(`${name}/w`, turned, [to, from, k, k]),
      constant(`${name}/b`, bias, [to]),
    ];
    return node("Conv", inputs, name, { pads: ints(pad, pad, pad, pad), kernel_shape: ints(k, k) });
  }

  function depthwise(x: string, name: string, channels: number) {
    const kernel = numbers(9 * channels, 0.6);
    store(`${name}/depthwise_kernel`, [3, 3, channels, 1], kernel);
    layer("DepthwiseConv2D", name, [x], {
      kernel_size: [3, 3],
      strides: [2, 2],
      padding: "same",
      depth_multiplier: 1,
      activation: "linear",
      use_bias: false,
    });
    const turned = turn(kernel, [3, 3, channels, 1], [2, 3, 0, 1]);
    return node("Conv", [x, constant(`${name}/w`, turned, [channels, 1, 3, 3])], name, {
      group: { kind: "int", value: channels },
      strides: ints(2, 2),
      pads: ints(0, 0, 1, 1), // 20 at stride 2: one row too few, and TensorFlow adds it behind
      kernel_shape: ints(3, 3),
    });
  }

  function norm(x: string, name: string, channels: number) {
    const parts = [
      ["gamma", numbers(channels, 0.3, 1)],
      ["beta", numbers(channels, 0.3)],
      ["moving_mean", numbers(channels, 0.3)],
      ["moving_variance", numbers(channels, 0.3, 1)],
    ] as const;
    for (const [part, values] of parts) store(`${name}/${part}`, [channels], values);
    layer("BatchNormalization", name, [x], { axis: [3], epsilon: 0.001, momentum: 0.99 });
    const inputs = parts.map(([part, values]) => constant(`${name}/${part}`, values, [channels]));
    return node("BatchNormalization", [x, ...inputs], name, {
      epsilon: { kind: "float", value: 0.001 },
    });
  }

  function dense(x: string, name: string, from: number, to: number, activation: string) {
    const kernel = numbers(from * to, Math.sqrt(3 / from));
    const bias = numbers(to, 0.1);
    store(`${name}/kernel`, [from, to], kernel);
    store(`${name}/bias`, [to], bias);
    layer("Dense", name, [x], { units: to, activation, use_bias: true });
    const inputs = [
      x,
      constant(`${name}/w`, kernel, [from, to]),
      constant(`${name}/b`, bias, [to]),
    ];
    return node("Gemm", inputs, `${name}/gemm`);
  }

  layers.push({
    class_name: "InputLayer",
    name: "image",
    config: {
      name: "image",
      batch_input_shape: [null, pairedSide, pairedSide, 3],
      dtype: "float32",
    },
    inbound_nodes: [],
  });
  layer("Rescaling", "rescaling", ["image"], { scale: 0.5, offset: -0.25 });
  const half = constant("half", Float32Array.of(0.5), []);
  const quarter = constant("quarter", Float32Array.of(-0.25), []);
  node("Add", [node("Mul", ["image", half], "scaled"), quarter], "rescaling");
  conv("rescaling", "first", 3, 8, 3, true);
  layer("Activation", "first_relu", ["first"], { activation: "relu" });
  node("Relu", ["first"], "first_relu");
  depthwise("first_relu", "down", 8);
  norm("down", "norm", 8);
  layer("ReLU", "relu6", ["norm"], { max_value: 6 });
  const six = constant("six", Float32Array.of(6), []);
  node("Clip", ["norm", constant("zero", Float32Array.of(0), []), six], "relu6");
  conv("relu6", "branch", 8, 8, 3, true);
  layer("Add", "joined", ["branch", "relu6"], {});
  node("Add", ["branch", "relu6"], "joined");
  layer("LeakyReLU", "leaky", ["joined"], { alpha: 0.1 });
  node("LeakyRelu", ["joined"], "leaky", { alpha: { kind: "float", value: 0.1 } });
  layer("AveragePooling2D", "softened", ["leaky"], {
    pool_size: [3, 3],
    strides: [2, 2],
    padding: "same",
  });
  node("AveragePool", ["leaky"], "softened", {
    kernel_shape: ints(3, 3),
    strides: ints(2, 2),
    pads: ints(0, 0, 1, 1),
  });
  conv("softened", "last", 8, 12, 2, false);
  layer("LeakyReLU", "features", ["last"], { alpha: 0.1 });
  node("LeakyRelu", ["last"], "features", { alpha: { kind: "float", value: 0.1 } });
  layer("MaxPooling2D", "peaks", ["features"], {
    pool_size: [2, 2],
    strides: [2, 2],
    padding: "valid",
  });
  node("MaxPool", ["features"], "peaks", { kernel_shape: ints(2, 2), strides: ints(2, 2) });
  const isPooled = head === "pooled";
  if (isPooled) {
    layer("GlobalAveragePooling2D", "pool", ["features"], {});
    node("Flatten", [node("GlobalAveragePool", ["features"], "pool/map")], "pool");
    node("Softmax", [dense("pool", "scores", 12, pairedClasses, "softmax")], "probabilities");
  } else {
    layer("Flatten", "flat", ["peaks"], {});
    const last = node("Transpose", ["peaks"], "peaks/last", { perm: ints(0, 2, 3, 1) });
    node("Flatten", [last], "flat");
    node("Tanh", [dense("flat", "hidden", 48, 16, "tanh")], "hidden");
    node("Softmax", [dense("hidden", "scores", 16, pairedClasses, "softmax")], "probabilities");
  }
  const used = isPooled ? layers.filter((one) => !("name" in one && one.name === "peaks")) : layers;
  const graph: Graph = {
    name: "paired",
    opset: 18,
    irVersion: 8,
    domains: {},
    inputs: [{ name: "image", type: "f32", dims: ["N", 3, pairedSide, pairedSide] }],
    outputs: [{ name: "probabilities", type: "f32", dims: ["N", pairedClasses] }],
    constants,
    nodes: isPooled ? nodes.filter(({ name }) => name !== "peaks") : nodes,
    metadata: {},
  };
  const topology = {
    keras_version: "2.15.0",
    backend: "tensorflow",
    model_config: {
      class_name: "Functional",
      config: {
        name: "paired",
        layers: used,
        input_layers: [["image", 0, 0]],
        output_layers: [["scores", 0, 0]],
      },
    },
  };
  const model = {
    format: "layers-model",
    modelTopology: topology,
    weightsManifest: [{ paths: ["weights.bin"], weights }],
  };
  const all = Buffer.concat(bytes.map((values) => new Uint8Array(values.buffer)));
  return {
    onnx: writeGraph(graph),
    tfjs: { "model.json": JSON.stringify(model), "weights.bin": all },
  };
}

/** The values in another order of dims. */
function turn(
  values: Float32Array,
  dims: readonly number[],
  order: readonly number[],
): Float32Array {
  const steps = dims.map((_, axis) => dims.slice(axis + 1).reduce((size, dim) => size * dim, 1));
  const turned = new Float32Array(values.length);
  const walk = (depth: number, from: number, at: { next: number }) => {
    const axis = order[depth];
    if (axis === undefined) {
      turned[at.next++] = values[from] ?? 0;
      return;
    }
    for (let i = 0; i < (dims[axis] ?? 0); i++) walk(depth + 1, from + i * (steps[axis] ?? 0), at);
  };
  walk(0, 0, { next: 0 });
  return turned;
}
