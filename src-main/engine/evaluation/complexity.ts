import { evaluationSettings } from "../../../shared/domain/evaluation.ts";
import type { Finished, Values } from "./evaluation.ts";

/** How spread a map is, whatever it shows; sign-invariant, of `|h|`. Only equal resolutions compare. */
export interface Complexity {
  /** Mean of the map in 0..1. */
  readonly l1: number;
  /** `−Σ q ln q`, `q = |h|/Σ|h|`, in nats, and by `ln P`. */
  readonly entropy: number;
  readonly entropyShare: number;
  /** `Σ(2i − P − 1) h_(i) / (P Σ h)`, ascending: Chalasani et al. 2020. */
  readonly gini: number;
  /** Share of the values above 0.1. */
  readonly effectiveComplexity: number;
  /** `exp(entropy)/P`: as if this share were used evenly. */
  readonly effectiveArea: number;
  /** Share of the heat in the hottest 5 % of the values. */
  readonly focus: number;
}

/** Of an all-zero map there is nothing to say: null. */
export function complexity(map: ArrayLike<number>): Complexity | null {
  const sorted = Float64Array.from(map, Math.abs).sort();
  const count = sorted.length;
  let sum = 0;
  for (const value of sorted) sum += value;
  if (!(sum > 0) || !Number.isFinite(sum)) return null;
  const { effectiveAbove, focusShare } = evaluationSettings;
  let [entropy, spread, above] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const q = sorted[i] / sum;
    if (q > 0) entropy -= q * Math.log(q);
    spread += (2 * (i + 1) - count - 1) * sorted[i];
    if (sorted[i] > effectiveAbove) above++;
  }
  const hottest = Math.max(1, Math.round(focusShare * count));
  let hot = 0;
  for (let i = count - hottest; i < count; i++) hot += sorted[i];
  return {
    l1: sum / count,
    entropy,
    entropyShare: count > 1 ? entropy / Math.log(count) : 0,
    gini: spread / (count * sum),
    effectiveComplexity: above / count,
    effectiveArea: Math.exp(entropy) / count,
    focus: hot / sum,
  };
}

/** The same of a map on its own grid and at input size: the two never compare, enlarging raises the entropy. */
export function complexityValues({ heat, cells }: Finished): Values {
  const own = complexity(cells);
  const input = complexity(heat);
  if (!own || !input) return {};
  return {
    l1_complexity: own.l1,
    l1_complexity_input: input.l1,
    entropy_share: own.entropyShare,
    entropy_share_input: input.entropyShare,
    gini: own.gini,
    gini_input: input.gini,
    effective_complexity: own.effectiveComplexity,
    effective_complexity_input: input.effectiveComplexity,
    effective_area: own.effectiveArea,
    effective_area_input: input.effectiveArea,
    focus_5: own.focus,
    focus_5_input: input.focus,
  };
}
