import type { AttentionSite, AttentionStructure } from "../../../shared/domain/structure.ts";
import type { Reading } from "../../../shared/domain/engine.ts";
import { averageOver } from "../kernels/area.ts";
import type { MapItem } from "./method.ts";
import type { Refusal, TapFacts } from "./tap-facts.ts";

/** Attention over all tokens of one grid, block after block. */
export type WholeAttention = Extract<AttentionStructure, { scope: "whole" }>;

/** Why attention of this model makes no map of the image; null where it does. */
export function attentionRefusal(
  method: string,
  { structure: { attention } }: Pick<TapFacts, "structure">,
): Refusal | null {
  if (!attention) return { code: "method/no-attention", details: { method } };
  if (attention.scope === "hidden")
    return { code: "method/attention-hidden", details: { method, operator: attention.operator } };
  if (attention.scope === "partial")
    return { code: "method/attention-partial", details: { method } };
  return null;
}

/** The same where the score must be differentiated at the attention of these blocks too. */
export function differentiatedRefusal(
  method: string,
  facts: Pick<TapFacts, "structure" | "readingRefusal">,
  sitesOf: (attention: WholeAttention) => readonly AttentionSite[],
): Refusal | null {
  const refusal = attentionRefusal(method, facts);
  const { attention } = facts.structure;
  if (refusal || attention?.scope !== "whole") return refusal;
  return facts.readingRefusal?.(namesOf(sitesOf(attention))) ?? null;
}

/** Of a model that `attentionRefusal` let pass. */
export function wholeAttention({ structure }: Pick<MapItem, "structure">): WholeAttention {
  if (structure.attention?.scope !== "whole") throw new RangeError("no attention over all tokens");
  return structure.attention;
}

/** The values to read. */
export function namesOf(sites: readonly AttentionSite[]): string[] {
  return sites.map(({ probabilities }) => probabilities);
}

/** One block's attention `[heads,T,T]`, and its gradient where it was asked for. */
export function attentionAt(site: AttentionSite, reading: Reading) {
  const probabilities = reading.values.get(site.probabilities)?.data;
  if (!probabilities) throw new RangeError(`"${site.probabilities}" was not read`);
  const gradients = reading.gradients.get(site.probabilities)?.data ?? new Float32Array(0);
  return { probabilities, gradients, heads: site.heads };
}

/** What falls on the patches `[T]` → `[H,W]` of the tap: prefix tokens are left off. */
export function onGrid(
  tokens: ArrayLike<number>,
  { prefixTokens, grid }: WholeAttention,
  { h, w }: Pick<MapItem, "h" | "w">,
): Float32Array {
  const patches = Float32Array.from(
    { length: grid[0] * grid[1] },
    (_, p) => tokens[prefixTokens + p],
  );
  return averageOver(patches, grid, [h, w]);
}
