import { createRandom } from "./seeded.ts";

/** Values of one picture's side, and classes, of `graphModel`. */
export const graphSide = 8;
export const graphClasses = 4;

/**
 * Files of a small TF.js graph model as its converter writes them: a convolution with bias and ReLU fused into it, a plain one
 * whose bias is a node of its own, the mean over the map, a matrix product, a bias, softmax. 8 × 8 × 3 in, four classes out.
 */
export function graphModel(seed = 1): {
  readonly "model.json": string;
  readonly "weights.bin": Uint8Array;
} {
  const random = createRandom(seed);
  const nodes: object[] = [];
  const weights: { readonly name: string; readonly shape: number[]; readonly dtype: string }[] = [];
  const bytes: Uint8Array[] = [];
  const text = (value: string) => Buffer.from(value).toString("base64");
  const float = { T: { type: "DT_FLOAT" } };

  const constant = (name: string, shape: number[], values: Float32Array | Int32Array) => {
    const dtype = values instanceof Int32Array ? "int32" : "float32";
    weights.push({ name, shape, dtype });
    bytes.push(new Uint8Array(values.buffer));
    const type = values instanceof Int32Array ? "DT_INT32" : "DT_FLOAT";
    nodes.push({ name, op: "Const", attr: { dtype: { type }, value: { tensor: {} } } });
    return name;
  };
  const learnt = (name: string, shape: number[], scale: number) => {
    const count = shape.reduce((size, dim) => size * dim, 1);
    return constant(
      name,
      shape,
      Float32Array.from({ length: count }, () => (2 * random() - 1) * scale),
    );
  };
  const node = (op: string, name: string, input: string[], attr: object = {}) => {
    nodes.push({ name, op, input, attr: { ...float, ...attr } });
    return name;
  };
  const slides = {
    padding: { s: text("SAME") },
    data_format: { s: text("NHWC") },
    strides: { list: { i: ["1", "1", "1", "1"] } },
    dilations: { list: { i: ["1", "1", "1", "1"] } },
  };

  const dims = (list: readonly number[]) => ({
    shape: { dim: list.map((size) => ({ size: String(size) })) },
  });
  nodes.push({
    name: "image",
    op: "Placeholder",
    attr: { dtype: { type: "DT_FLOAT" }, shape: dims([-1, graphSide, graphSide, 3]) },
  });
  const stem = [learnt("stem/kernel", [3, 3, 3, 10], 0.5), learnt("stem/bias", [10], 0.2)];
  node("_FusedConv2D", "stem", ["image", ...stem], {
    ...slides,
    num_args: { i: "1" },
    fused_ops: { list: { s: [text("BiasAdd"), text("Relu")] } },
    epsilon: { f: 0 },
  });
  node("Conv2D", "features/conv", ["stem", learnt("features/kernel", [3, 3, 10, 12], 0.4)], slides);
  node("BiasAdd", "features/sum", ["features/conv", learnt("features/bias", [12], 0.2)]);
  node("Relu", "features", ["features/sum"]);
  const axes = constant("pool/axes", [2], Int32Array.of(1, 2));
  node("Mean", "pool", ["features", axes], { keep_dims: { b: false } });
  node("MatMul", "scores/product", ["pool", learnt("scores/kernel", [12, graphClasses], 1)]);
  node("BiasAdd", "scores", ["scores/product", learnt("scores/bias", [graphClasses], 0.1)]);
  node("Softmax", "shares", ["scores"]);
  const model = {
    format: "graph-model",
    modelTopology: { node: nodes, versions: { producer: 1 } },
    weightsManifest: [{ paths: ["weights.bin"], weights }],
  };
  return { "model.json": JSON.stringify(model), "weights.bin": Buffer.concat(bytes) };
}
