import { defineRules, type RelevanceContext } from "./rule.ts";
import { divided, positive } from "./shares.ts";

/**
 * Arithmetic; an extension of the published rules. Constants take nothing, as biases and scales take nothing.
 *
 *   Add   I_a = I ⊙ a⁺ ⊘ (a⁺ + b⁺), and b alike
 *   Mul   by a gate, all to the branch that is gated: the smaller of the two is the gate, or the one that a sigmoid made
 */
export const arithmeticRules = defineRules({
  Add: (context) => split(context, context.inputs),
  Sum: (context) => split(context, context.inputs),

  Sub(context) {
    const { inputs, emit, isVarying } = context;
    const [a = "", b = ""] = inputs;
    return split(context, [a, isVarying(b) && isVarying(a) ? emit("Neg", [b]) : b]);
  },

  Mul(context) {
    const { inputs, relevance, unbroadcast, isVarying, refuse } = context;
    const varying = inputs.filter((input) => isVarying(input));
    const main = varying.length === 1 ? varying[0] : gated(context);
    if (main === undefined) refuse("neither of the values it multiplies is a gate");
    return inputs.map((input) => (input === main ? unbroadcast(relevance, input) : null));
  },

  Div({ inputs: [a = "", b = ""], relevance, unbroadcast, isVarying, refuse }) {
    if (isVarying(b)) refuse("it divides by a value that depends on the picture");
    return [unbroadcast(relevance, a), null];
  },
});

/** By positive parts; `parts` are the summands, as they enter the sum. */
function split(context: RelevanceContext, parts: readonly string[]): (string | null)[] {
  const { inputs, relevance, emit, unbroadcast, isVarying } = context;
  const varying = inputs.map((input) => isVarying(input));
  if (varying.filter(Boolean).length === 1)
    return inputs.map((input, i) => (varying[i] ? unbroadcast(relevance, input) : null));
  const shares = parts.map((part, i) => (varying[i] ? positive(context, part) : null));
  const total = shares.filter((part) => part !== null).reduce((a, b) => emit("Add", [a, b]));
  const share = divided(context, relevance, total);
  return inputs.map((input, i) => {
    const part = shares[i];
    return part ? unbroadcast(emit("Mul", [part, share]), input) : null;
  });
}

/** The branch that a gate multiplies; undefined where neither or both look like gates. */
export function gated({
  inputs: [a = "", b = ""],
  shape,
  maker,
  isVarying,
}: Pick<RelevanceContext, "maker" | "isVarying"> & {
  readonly inputs: readonly string[];
  readonly shape: (name: string) => { readonly dims: readonly number[] };
}): string | undefined {
  if (a === b) return undefined;
  const count = (name: string) => shape(name).dims.reduce((product, dim) => product * dim, 1);
  if (count(a) !== count(b)) return count(a) > count(b) ? a : b;
  const gates = [a, b].filter((name) => isGate(name, { maker, isVarying }));
  if (gates.length !== 1) return undefined;
  return gates[0] === a ? b : a;
}

/** What saturates, as it is or after constants were added to it or multiplied with it. */
function isGate(name: string, { maker, isVarying }: Pick<RelevanceContext, "maker" | "isVarying">) {
  let value = name;
  for (let step = 0; step < 6; step++) {
    const node = maker(value);
    if (!node) return false;
    if (saturating.has(node.op)) return true;
    const varying = node.inputs.filter((input) => isVarying(input));
    if (!affine.has(node.op) || varying.length !== 1) return false;
    value = varying[0] ?? "";
  }
  return false;
}

const saturating = new Set("Sigmoid HardSigmoid Tanh Erf Softmax Clip".split(" "));
const affine = new Set("Add Sub Mul Div Identity Cast".split(" "));
