import type { RuleContext } from "../gradients/rule.ts";
import type { Node } from "../onnx/graph.ts";

/** What a rule knows and writes with: as a gradient rule, with relevance in place of gradients. */
export interface RelevanceContext extends Omit<RuleContext, "gradient" | "gradients"> {
  /** Relevance at output 0; `relevances[i]` at output i, null where none flows. */
  readonly relevance: string;
  readonly relevances: readonly (string | null)[];
  /** Whether a value depends on the picture: what does not is a weight. */
  isVarying(name: string): boolean;
  /** Whether a value is the picture itself, at most rescaled or rearranged. */
  isPicture(name: string): boolean;
  /** Whether a value is known to be nowhere negative. */
  isNonNegative(name: string): boolean;
  /** The node that makes a value; undefined for inputs and constants. */
  maker(name: string): Node | undefined;
}

/** Relevance at the inputs, in input order, each of its input's shape; null where none flows. */
export type RelevanceRule = (context: RelevanceContext) => readonly (string | null)[];
export type RelevanceRules = Readonly<Record<string, RelevanceRule>>;

/** Names a family of rules; the key is the operator, prefixed "domain:" outside the standard one. */
export function defineRules<const R extends RelevanceRules>(rules: R): R {
  return rules;
}

/** The context in which a gradient rule sends `relevance` where it would send a gradient. */
export function asGradient(
  context: RelevanceContext,
  relevance: string = context.relevance,
  inputs: readonly string[] = context.inputs,
): RuleContext {
  return { ...context, inputs, gradient: relevance, gradients: context.relevances };
}

/** Relevance passes element by element, unchanged. */
export const unchanged: RelevanceRule = ({ relevance }) => [relevance];
