import type { Node } from "../onnx/graph.ts";
import { activationRules } from "./activation.ts";
import { arithmeticRules } from "./arithmetic.ts";
import { convolutionRules } from "./convolution.ts";
import { layoutRules } from "./layout.ts";
import { normalisationRules } from "./normalisation.ts";
import { poolingRules } from "./pooling.ts";
import { productRules } from "./product.ts";
import type { RelevanceRule, RelevanceRules } from "./rule.ts";

/** Every relevance rule by operator; one family per file. */
export const rules: RelevanceRules = {
  ...convolutionRules,
  ...productRules,
  ...poolingRules,
  ...normalisationRules,
  ...activationRules,
  ...arithmeticRules,
  ...layoutRules,
};

/** The rule of a node's operator, if there is one. */
export function ruleOf(node: Node): RelevanceRule | undefined {
  return rules[node.domain ? `${node.domain}:${node.op}` : node.op];
}

/** Operators that may read codes: those that only move them about, and what makes numbers of them. */
export const codeReaders: ReadonlySet<string> = new Set([
  ...Object.keys(layoutRules),
  "DequantizeLinear",
]);

/** Operators whose rules the paper's own code has; a sweep through any other goes by extended rules. */
export const publishedOperators: ReadonlySet<string> = new Set(
  "Conv MaxPool AveragePool GlobalAveragePool BatchNormalization Relu Identity Dropout".split(" "),
);
