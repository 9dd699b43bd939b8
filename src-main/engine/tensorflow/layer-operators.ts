import type { layers } from "@tensorflow/tfjs-layers";
import type { OutlineStep, Window } from "../outline.ts";

/** ONNX operators of Keras layers; a layer that is not here keeps its own name. */
const operators: Readonly<Record<string, string>> = {
  Activation: "Identity",
  ActivityRegularization: "Identity",
  Add: "Add",
  AlphaDropout: "Dropout",
  Average: "Mean",
  AveragePooling2D: "AveragePool",
  BatchNormalization: "BatchNormalization",
  Concatenate: "Concat",
  Conv2D: "Conv",
  Conv2DTranspose: "ConvTranspose",
  Cropping2D: "Slice",
  Dense: "MatMul",
  DepthwiseConv2D: "Conv",
  Dropout: "Dropout",
  ELU: "Elu",
  Flatten: "Flatten",
  GaussianDropout: "Dropout",
  GaussianNoise: "Dropout",
  GlobalAveragePooling2D: "GlobalAveragePool",
  GlobalMaxPooling2D: "GlobalMaxPool",
  HansightCenterCrop: "Slice",
  HansightIdentity: "Identity",
  HansightMaxPool: "GlobalMaxPool",
  HansightMeanPool: "GlobalAveragePool",
  HansightNormalization: "Mul",
  HansightResizing: "Resize",
  LayerNormalization: "LayerNormalization",
  LeakyReLU: "LeakyRelu",
  Masking: "Identity",
  Maximum: "Max",
  MaxPooling2D: "MaxPool",
  Minimum: "Min",
  Multiply: "Mul",
  Permute: "Transpose",
  PReLU: "PRelu",
  ReLU: "Relu",
  Rescaling: "Mul",
  Reshape: "Reshape",
  SeparableConv2D: "Conv",
  Softmax: "Softmax",
  SpatialDropout2D: "Dropout",
  Subtract: "Sub",
  ThresholdedReLU: "ThresholdedRelu",
  UpSampling2D: "Resize",
  ZeroPadding2D: "Pad",
};

const activations: Readonly<Record<string, string>> = {
  elu: "Elu",
  gelu: "Gelu",
  gelu_new: "Gelu",
  hansightHardSigmoid: "HardSigmoid",
  hardSigmoid: "HardSigmoid",
  hardSilu: "HardSwish",
  hardSwish: "HardSwish",
  leakyRelu: "LeakyRelu",
  linear: "Identity",
  logSoftmax: "LogSoftmax",
  mish: "Mish",
  relu: "Relu",
  relu6: "Clip",
  selu: "Selu",
  sigmoid: "Sigmoid",
  silu: "Swish",
  softmax: "Softmax",
  softplus: "Softplus",
  softsign: "Softsign",
  swish: "Swish",
  tanh: "Tanh",
};

/** The ONNX operator of an activation by its Keras name. */
export function activationOperator(name: string): string {
  return activations[name] ?? name;
}

/** What a layer does, and the shapes of its weights as ONNX has them. */
export function layerOperator(
  layer: layers.Layer,
): Pick<OutlineStep, "op" | "weights" | "axis" | "window" | "pads"> {
  const kind = layer.getClassName();
  const weights = layer.weights.map(({ shape }) => shape.map((dim) => dim ?? 1));
  const [kernel, ...others] = weights;
  const op = operators[kind] ?? kind;
  if (kind === "Activation") {
    const { activation } = layer as unknown as { activation: { getClassName(): string } }; // this kind has one
    return { op: activationOperator(activation.getClassName()), weights };
  }
  const window = windowOf(layer as layers.Layer & Windowed); // absent fields are seen there
  if (op === "Conv" && kernel)
    return { op, weights: [turned(kernel, kind), ...others], ...(window && { window }) };
  if (op === "ConvTranspose" && kernel)
    return { op, weights: [[3, 2, 0, 1].map((axis) => kernel[axis] ?? 1), ...others] };
  // On maps a dense layer is a convolution of one place.
  if (op === "MatMul" && kernel && isOnMaps(layer))
    return {
      op: "Conv",
      weights: [[kernel[1] ?? 1, kernel[0] ?? 1, 1, 1], ...others],
      window: { kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: "valid" },
    };
  if (kind === "ZeroPadding2D") {
    const { padding } = layer as unknown as { padding: [[number, number], [number, number]] }; // this kind has one
    const [[top, bottom], [left, right]] = padding;
    return { op, weights, pads: [top, bottom, left, right] };
  }
  if (op === "LayerNormalization") return { op, weights, axis: isOnMaps(layer) ? 1 : -1 };
  return { op, weights, ...(window && { window }) };
}

/** Settings of layers that slide a window; on others they are missing. */
interface Windowed {
  readonly kernelSize?: number[];
  readonly poolSize?: number[];
  readonly strides?: number[];
  readonly dilationRate?: number | number[];
  readonly padding?: unknown;
}

function windowOf(layer: Windowed): Window | null {
  const kernel = layer.kernelSize ?? layer.poolSize;
  const { strides, padding } = layer;
  if (!Array.isArray(kernel) || !Array.isArray(strides) || kernel.length !== 2) return null;
  const dilations = Array.isArray(layer.dilationRate) ? layer.dilationRate : [1, 1];
  return { kernel, strides, dilations, padding: padding === "same" ? "same" : "valid" };
}

function isOnMaps(layer: layers.Layer): boolean {
  return layer.inboundNodes[0]?.inputTensors[0]?.shape.length === 4;
}

/** From `[kh, kw, in, out]` to `[out, in, kh, kw]`; depthwise kernels `[kh, kw, in, times]` read one channel each. */
function turned(kernel: readonly number[], kind: string): number[] {
  const [kh = 1, kw = 1, channels = 1, times = 1] = kernel;
  return kind === "Conv2D" ? [times, channels, kh, kw] : [channels * times, 1, kh, kw];
}
