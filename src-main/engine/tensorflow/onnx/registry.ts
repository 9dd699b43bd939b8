import type { Node } from "../../onnx/graph.ts";
import { arithmeticKernels } from "./arithmetic.ts";
import { convolutionKernels } from "./convolution.ts";
import { hostOperators } from "./host.ts";
import { indexingKernels } from "./indexing.ts";
import type { Kernel, Kernels } from "./kernel.ts";
import { layoutKernels } from "./layout.ts";
import { normalisationKernels } from "./normalisation.ts";
import { partitionKernels } from "./partition.ts";
import { poolingKernels } from "./pooling.ts";
import { productKernels } from "./product.ts";
import { quantisationKernels } from "./quantisation.ts";
import { reductionKernels } from "./reduction.ts";
import { resizeKernels } from "./resize.ts";
import { activationKernels, unaryKernels } from "./unary.ts";

/** Every ONNX operator that runs on TensorFlow.js; one family per file. */
export const kernels: Kernels = {
  ...convolutionKernels,
  ...poolingKernels,
  ...productKernels,
  ...normalisationKernels,
  ...activationKernels,
  ...unaryKernels,
  ...arithmeticKernels,
  ...reductionKernels,
  ...layoutKernels,
  ...partitionKernels,
  ...indexingKernels,
  ...resizeKernels,
  ...quantisationKernels,
};

function keyOf({ domain, op }: Node): string {
  return domain ? `${domain}:${op}` : op;
}

/** The kernel of a node's operator, if there is one. */
export function kernelOf(node: Node): Kernel | undefined {
  return kernels[keyOf(node)];
}

/** Its way on the host, if there is one. */
export function hostOperatorOf(node: Node) {
  return hostOperators[keyOf(node)];
}
