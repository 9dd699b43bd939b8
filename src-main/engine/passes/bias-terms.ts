import type { BiasStructure, BiasTerm } from "../../../shared/domain/structure.ts";
import { floatAttribute, intAttribute, stringAttribute } from "../onnx/attributes.ts";
import { numbersOf } from "../onnx/constant.ts";
import type { Constant, Graph, Node, Shapes } from "../onnx/graph.ts";

/** What a node adds of its own to what depends on the image: nothing, a term, or something that no constant says. */
type Added = BiasTerm | "nothing" | "implicit";

/** Scaling what goes in scales what comes out: `f(x) = J x` for the J at x. What else they read says how, not what. */
const homogeneous = new Set(
  (
    "Identity Cast Dropout Reshape Flatten Squeeze Unsqueeze Transpose Expand Tile Slice Split Gather Sum Mean Neg Abs " +
    "Relu LeakyRelu PRelu ReduceMean ReduceSum ReduceMax ReduceMin GlobalAveragePool GlobalMaxPool AveragePool MaxPool " +
    "Resize DepthToSpace SpaceToDepth"
  ).split(" "),
);

/**
 * The biases of every layer between the image and the logits, so that `t = Σ x·∂t/∂x + Σ_l Σ b_l·∂t/∂z_l` holds exactly:
 * of Conv, ConvTranspose and Gemm, of an added constant, of BatchNormalization (`β − γμ/√(σ²+ε)`; folded into its Conv it is
 * that Conv's), and of what a Clip holds at its bounds. The first node whose bias follows from no constant (a product of two
 * activations, a Sigmoid, a LayerNormalization) ends the search.
 */
export function findBiasTerms(
  graph: Graph,
  shapes: Shapes,
  path: ReadonlySet<string>,
  image: string,
): BiasStructure {
  const terms: BiasTerm[] = [];
  const onPath = (name: string | undefined) =>
    name !== undefined && (path.has(name) || name === image);
  for (const node of graph.nodes) {
    if (!node.outputs.some((name) => path.has(name)) || !node.inputs.some(onPath)) continue;
    const added = addedBy(node);
    if (added === "implicit") {
      const label = node.name || (node.outputs[0] ?? "");
      return { kind: "implicit", op: node.op, node: label };
    }
    if (added !== "nothing") terms.push(added);
  }
  return { kind: "explicit", image, terms };

  function addedBy(node: Node): Added {
    const { op, domain, inputs, outputs } = node;
    const [value = ""] = outputs;
    const activations = inputs.filter(onPath).length;
    if (domain !== "") return "implicit";
    if (homogeneous.has(op))
      return activations === 1 || op === "Sum" || op === "Mean" ? "nothing" : "implicit";
    switch (op) {
      case "Conv":
      case "ConvTranspose":
        if (onPath(inputs[1])) return "implicit";
        return inputs[2] ? perChannel(value, constantOf(inputs[2])) : "nothing";
      case "BatchNormalization":
        return shiftOf(node);
      case "Gemm": {
        if (activations > 1 || onPath(inputs[2])) return "implicit";
        if (!inputs[2]) return "nothing";
        return spread(value, constantOf(inputs[2]), floatAttribute(node, "beta", 1));
      }
      case "Add":
        return activations === 2
          ? "nothing"
          : spread(value, constantOf(onPath(inputs[0]) ? inputs[1] : inputs[0]), 1);
      case "Sub":
        if (activations === 2) return "nothing";
        return onPath(inputs[0])
          ? spread(value, constantOf(inputs[1]), -1)
          : spread(value, constantOf(inputs[0]), 1);
      case "Mul":
      case "MatMul":
        return activations === 1 ? "nothing" : "implicit";
      case "Div":
        return onPath(inputs[1]) ? "implicit" : "nothing";
      case "Max":
      case "Min":
      case "Concat":
        return inputs.every((name) => onPath(name) || isZero(constantOf(name)))
          ? "nothing"
          : "implicit";
      case "Pad":
        return stringAttribute(node, "mode", "constant") !== "constant" ||
          !inputs[2] ||
          isZero(constantOf(inputs[2]))
          ? "nothing"
          : "implicit";
      case "Clip": {
        const [low, high] = [boundOf(inputs[1], -Infinity), boundOf(inputs[2], Infinity)];
        if (Number.isNaN(low) || Number.isNaN(high)) return "implicit";
        return (low === 0 || low === -Infinity) && high === Infinity
          ? "nothing"
          : { kind: "bounds", value, low, high };
      }
      default:
        return "implicit";
    }
  }

  function constantOf(name: string | undefined): Constant | undefined {
    return name ? graph.constants.get(name) : undefined;
  }

  /** NaN where it is no constant. */
  function boundOf(name: string | undefined, absent: number): number {
    if (!name) return absent;
    const constant = graph.constants.get(name);
    return constant ? (numbersOf(constant)[0] ?? absent) : NaN;
  }

  /** `[K]` over a map `[N,K,..]`. */
  function perChannel(value: string, bias: Constant | undefined): Added {
    if (!bias) return "implicit";
    const rank = shapes.get(value)?.dims.length ?? 0;
    const dims = [...bias.dims, ...Array<number>(Math.max(0, rank - 2)).fill(1)];
    return constantTerm(value, dims, numbersOf(bias));
  }

  /** Broadcast from the right, as ONNX does. */
  function spread(value: string, bias: Constant | undefined, factor: number): Added {
    if (!bias) return "implicit"; // neither the image's nor a constant: nothing is known of it
    return constantTerm(
      value,
      bias.dims,
      numbersOf(bias).map((one) => one * factor),
    );
  }

  function shiftOf(node: Node): Added {
    const [, scale, shift, mean, variance] = node.inputs.map((name) => constantOf(name));
    if (!scale || !shift || !mean || !variance || intAttribute(node, "training_mode", 0))
      return "implicit";
    const epsilon = floatAttribute(node, "epsilon", 1e-5);
    const [g, m, v] = [scale, mean, variance].map(numbersOf) as [number[], number[], number[]]; // three constants
    const bias = numbersOf(shift).map(
      (own, k) => own - ((g[k] ?? NaN) * (m[k] ?? NaN)) / Math.sqrt((v[k] ?? NaN) + epsilon),
    );
    const [value = ""] = node.outputs;
    const rank = shapes.get(value)?.dims.length ?? 0;
    return constantTerm(
      value,
      [bias.length, ...Array<number>(Math.max(0, rank - 2)).fill(1)],
      bias,
    );
  }
}

function constantTerm(value: string, dims: readonly number[], values: readonly number[]): Added {
  if (values.every((one) => one === 0)) return "nothing";
  return { kind: "constant", value, dims, values: Float64Array.from(values) };
}

function isZero(constant: Constant | undefined): boolean {
  return constant !== undefined && numbersOf(constant).every((value) => value === 0);
}
