import { intAttribute } from "../onnx/attributes.ts";
import { defineRules, unchanged } from "./rule.ts";

/**
 * Normalisations that keep channels apart: relevance unchanged, whatever the sign of the scale. Published for
 * BatchNormalization, an extension for the others. What mixes channels has no rule.
 */
export const normalisationRules = defineRules({
  BatchNormalization({ node, relevance, refuse }) {
    if (intAttribute(node, "training_mode", 0)) refuse("it is in training mode");
    return [relevance];
  },
  InstanceNormalization: unchanged,
  LRN: unchanged,
});
