import type { Constant, Graph, Node } from "../../src-main/engine/onnx/graph.ts";
import { floatConstant } from "../../src-main/engine/onnx/constant.ts";
import { writeGraph } from "../../src-main/engine/onnx/wire.ts";
import { randomFrom } from "../../shared/statistics/sample.ts";

/** Blocks and widths of the four stages; the bottleneck's output is four times its width. */
const resnet50 = { blocks: [3, 4, 6, 3], widths: [64, 128, 256, 512], classes: 1000 } as const;

/**
 * A network of the shape of ResNet-50 (25.5 million weights, batch norms already folded) with seeded random weights: for
 * timings, which depend on shapes alone. Input `image` f32[N,3,224,224], output `logits`.
 */
export function randomResNet50(seed = 1): Uint8Array {
  const random = randomFrom(seed);
  const constants = new Map<string, Constant>();
  const nodes: Node[] = [];
  let count = 0;

  const add = (op: string, inputs: string[], attributes: Node["attributes"] = {}): string => {
    const output = `${op.toLowerCase()}_${count++}`;
    nodes.push({ name: output, domain: "", op, inputs, outputs: [output], attributes });
    return output;
  };
  const weights = (dims: readonly number[]): string => {
    const name = `w_${count++}`;
    const size = dims.reduce((product, dim) => product * dim, 1);
    const scale = Math.sqrt(6 / (size / dims[0])); // He's uniform bound keeps activations in range
    const values = Float32Array.from({ length: size }, () => (random() * 2 - 1) * scale);
    constants.set(name, floatConstant(values, dims));
    return name;
  };
  const conv = (x: string, from: number, to: number, kernel: number, stride: number): string => {
    const pad = (kernel - 1) / 2;
    return add("Conv", [x, weights([to, from, kernel, kernel]), weights([to])], {
      kernel_shape: { kind: "ints", value: [kernel, kernel] },
      strides: { kind: "ints", value: [stride, stride] },
      pads: { kind: "ints", value: [pad, pad, pad, pad] },
    });
  };

  let x = add("Relu", [conv("image", 3, 64, 7, 2)]);
  x = add("MaxPool", [x], {
    kernel_shape: { kind: "ints", value: [3, 3] },
    strides: { kind: "ints", value: [2, 2] },
    pads: { kind: "ints", value: [1, 1, 1, 1] },
  });
  let channels = 64;
  for (const [stage, blocks] of resnet50.blocks.entries()) {
    const width = resnet50.widths[stage];
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1;
      const isFirst = block === 0;
      const skip = isFirst ? conv(x, channels, width * 4, 1, stride) : x;
      let y = add("Relu", [conv(x, channels, width, 1, 1)]);
      y = add("Relu", [conv(y, width, width, 3, stride)]);
      y = conv(y, width, width * 4, 1, 1);
      x = add("Relu", [add("Add", [y, skip])]);
      channels = width * 4;
    }
  }
  const pooled = add("Flatten", [add("GlobalAveragePool", [x])]);
  const { classes } = resnet50;
  nodes.push({
    name: "logits",
    domain: "",
    op: "Gemm",
    inputs: [pooled, weights([classes, channels]), weights([classes])],
    outputs: ["logits"],
    attributes: { transB: { kind: "int", value: 1 } },
  });
  const graph: Graph = {
    name: "random-resnet50",
    opset: 18,
    irVersion: 8,
    domains: {},
    inputs: [{ name: "image", type: "f32", dims: ["N", 3, 224, 224] }],
    outputs: [{ name: "logits", type: "f32", dims: ["N", classes] }],
    constants,
    nodes,
    metadata: {},
  };
  return writeGraph(graph);
}
