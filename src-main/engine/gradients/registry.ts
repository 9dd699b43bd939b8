import type { Node } from "../onnx/graph.ts";
import { activationRules } from "./activation.ts";
import { arithmeticRules } from "./arithmetic.ts";
import { convolutionRules } from "./convolution.ts";
import { indexingRules } from "./indexing.ts";
import { layoutRules } from "./layout.ts";
import { normalisationRules } from "./normalisation.ts";
import { partitionRules } from "./partition.ts";
import { poolingRules } from "./pooling.ts";
import { productRules } from "./product.ts";
import { quantisationRules } from "./quantisation.ts";
import { reductionRules } from "./reduction.ts";
import { resizeRules } from "./resize.ts";
import type { Rule, Rules } from "./rule.ts";
import { selectionRules } from "./selection.ts";
import { softmaxRules } from "./softmax.ts";
import { unaryRules } from "./unary.ts";

/** Every gradient rule by operator; one family per file. */
export const rules: Rules = {
  ...convolutionRules,
  ...productRules,
  ...poolingRules,
  ...reductionRules,
  ...arithmeticRules,
  ...unaryRules,
  ...activationRules,
  ...normalisationRules,
  ...softmaxRules,
  ...layoutRules,
  ...partitionRules,
  ...indexingRules,
  ...resizeRules,
  ...selectionRules,
  ...quantisationRules,
};

/** The rule of a node's operator, if there is one. */
export function ruleOf(node: Node): Rule | undefined {
  return rules[node.domain ? `${node.domain}:${node.op}` : node.op];
}
