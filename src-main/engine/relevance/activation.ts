import { defineRules, unchanged } from "./rule.ts";

/**
 * Activations: relevance unchanged, never cut at 0 on the way. Published for ReLU, an extension for those that let negative
 * values through: the convolution below then really uses its X⁻, W⁻ half.
 */
export const activationRules = defineRules({
  Relu: unchanged,
  LeakyRelu: unchanged,
  PRelu: unchanged,
  ThresholdedRelu: unchanged,
  Clip: unchanged,
  Elu: unchanged,
  Celu: unchanged,
  Selu: unchanged,
  Gelu: unchanged,
  HardSwish: unchanged,
  Mish: unchanged,
  Swish: unchanged,
  Softplus: unchanged,
  Softsign: unchanged,
  Sigmoid: unchanged,
  HardSigmoid: unchanged,
  Tanh: unchanged,
  "com.microsoft:QuickGelu": unchanged,
  // Codes stand for the floats they encode.
  QuantizeLinear: unchanged,
  DequantizeLinear: unchanged,
});
