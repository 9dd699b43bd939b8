import { bootstrapMean } from "../statistics/bootstrap.ts";
import type { MethodId } from "./method-id.ts";

/**
 * The reliability sheet: whether a method's maps follow the model at all. Made once per model, preparation, tap and method, on
 * a few images of the audit. Parameter randomisation after Adebayo et al. 2018, https://arxiv.org/abs/1810.03292
 */

export const sheetVerdicts = ["passed", "failed", "undefined"] as const;
/** `undefined` (fewer than half of the maps could be compared) is no pass: it is worded as failed. */
export type SheetVerdict = (typeof sheetVerdicts)[number];

export const sheetStates = [...sheetVerdicts, "not-made"] as const;
export type SheetState = (typeof sheetStates)[number];

/** How much is made, and what passes. */
export const sheetRules = {
  images: 16,
  steps: 5,
  /** A map that costs more plain forward passes than this is made for fewer images and steps. */
  costlyOver: 50,
  costlyImages: 4,
  costlySteps: 3,
  /** Mean Spearman of |h| once every layer is random, and the upper end of its 95 % interval. */
  spearman: 0.3,
  spearmanHigh: 0.5,
  /** Mean Spearman of the maps of two classes; of class-specific methods. */
  randomLogit: 0.8,
  /** Share of the images that must have a similarity. */
  defined: 0.5,
  /** Smooth randomisation: noisy inputs a map is averaged over, and their deviation as a share of the input's range. */
  noisyInputs: 50,
  noise: 0.1,
} as const;

export const sheetOrders = ["cascade", "independent"] as const;
/** `cascade`: the first layers from the output, more with every step; `independent`: each share alone. */
export type SheetOrder = (typeof sheetOrders)[number];

/** A mean over the images that have a value, with its 95 % bootstrap interval (2 000 resamples, by patient or group). */
export interface SheetFigure {
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly defined: number;
  /** Images whose maps could not be compared: flat, or not finite. */
  readonly undefined: number;
}

export interface SheetStep {
  /** Layers randomised in this step, nearest to the output first. */
  readonly layers: readonly string[];
  /** Spearman of |h|, SSIM of |h| in 0..1, Pearson of histograms of oriented gradients. */
  readonly spearman: SheetFigure;
  readonly ssim: SheetFigure;
  readonly hog: SheetFigure;
  /** Efficient randomisation test: relative rise of the entropy of the map's histogram; should rise. */
  readonly complexityRise: SheetFigure;
}

/** Where heat lies when the picture holds nothing: what padding alone makes of a map. */
export interface NullMap {
  readonly input: "mean-colour" | "noise";
  readonly class: number;
  /** Shares of heat on the outer 10 % frame and in four 15 % corners; null without heat. */
  readonly border: number | null;
  readonly corner: number | null;
}

export const sheetReasons = ["spearman", "interval", "random-logit", "too-few-defined"] as const;
/** Why a sheet did not pass. */
export type SheetReason = (typeof sheetReasons)[number];

/** Everything the engine measures, apart from what names the sheet. */
export interface MeasuredSheet {
  readonly order: SheetOrder;
  /** Whether each map is a mean over noisy inputs. */
  readonly isSmooth: boolean;
  readonly seed: number;
  readonly images: number;
  readonly unreadable: number;
  /** Cost of one map in plain forward passes, and whether images and steps were cut for it. */
  readonly forwards: number;
  readonly isReduced: boolean;
  /** Layers with weights in the model. */
  readonly layers: number;
  readonly steps: readonly SheetStep[];
  /** Mean over the steps of the mean Spearman; the unrandomised step is not in it. */
  readonly area: number | null;
  /**
   * Maps that a run had stored, made again on the processor before any weight was changed: how many, how many bit by bit, and the
   * largest difference as a share of the map's largest value (a run on another device rounds otherwise).
   */
  readonly stepZero: {
    readonly compared: number;
    readonly exact: number;
    readonly difference: number | null;
  };
  readonly isClassSpecific: boolean;
  /** Spearman between the maps of the predicted class and of a random other one; 1 by construction where not class-specific. */
  readonly randomLogit: SheetFigure;
  /**
   * Of methods that ignore the class: whether the first step, which changes the classifier alone, left the maps as they were, as
   * it must; null where that says nothing.
   */
  readonly isHeadOnlySame: boolean | null;
  readonly nullMaps: readonly NullMap[];
  readonly verdict: SheetVerdict;
  readonly reasons: readonly SheetReason[];
}

export interface ReliabilitySheet extends MeasuredSheet {
  /** SHA-256 of what it was made for. */
  readonly id: string;
  readonly modelSha256: string;
  readonly preparationSha256: string;
  readonly tap: string;
  readonly method: MethodId;
  readonly madeAt: string;
}

/** What the verdict is spoken on. */
export type SheetEvidence = Pick<MeasuredSheet, "images" | "isClassSpecific" | "randomLogit"> & {
  /** Spearman of |h| at the last step; null where no step was made. */
  readonly last: SheetFigure | null;
};

/**
 * Passes: mean Spearman at the last step ≤ 0.30 and the upper end of its 95 % interval ≤ 0.50, and for class-specific methods
 * a random logit ≤ 0.80. Undefined where fewer than half of the images have a similarity.
 */
export function sheetVerdict(evidence: SheetEvidence): {
  readonly verdict: SheetVerdict;
  readonly reasons: readonly SheetReason[];
} {
  const { last, images, isClassSpecific, randomLogit } = evidence;
  const isKnown = (figure: SheetFigure | null): figure is SheetFigure =>
    figure !== null && figure.mean !== null && figure.defined >= sheetRules.defined * images;
  if (images === 0 || !isKnown(last) || (isClassSpecific && !isKnown(randomLogit)))
    return { verdict: "undefined", reasons: ["too-few-defined"] };
  const reasons: SheetReason[] = [];
  if (!(valueOf(last.mean) <= sheetRules.spearman)) reasons.push("spearman");
  if (!(valueOf(last.high) <= sheetRules.spearmanHigh)) reasons.push("interval");
  if (isClassSpecific && !(valueOf(randomLogit.mean) <= sheetRules.randomLogit))
    reasons.push("random-logit");
  return { verdict: reasons.length === 0 ? "passed" : "failed", reasons };
}

function valueOf(value: number | null): number {
  return value ?? Infinity;
}

/** The mean of what is defined, with its interval. */
export function sheetFigure(
  values: readonly (number | null)[],
  groups: readonly (string | null)[],
  seed: number,
): SheetFigure {
  const kept = values.flatMap((value, i) =>
    value !== null && Number.isFinite(value) ? [{ value, group: groups[i] ?? null }] : [],
  );
  const numbers = kept.map(({ value }) => value);
  const interval = bootstrapMean(numbers, { seed, groups: kept.map(({ group }) => group) });
  return {
    mean:
      numbers.length > 0 ? numbers.reduce((sum, value) => sum + value, 0) / numbers.length : null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    defined: numbers.length,
    undefined: values.length - numbers.length,
  };
}

/** Images and steps of a sheet whose maps cost this many plain forward passes each. */
export function sheetSize(forwards: number): {
  readonly images: number;
  readonly steps: number;
  readonly isReduced: boolean;
} {
  return forwards > sheetRules.costlyOver
    ? { images: sheetRules.costlyImages, steps: sheetRules.costlySteps, isReduced: true }
    : { images: sheetRules.images, steps: sheetRules.steps, isReduced: false };
}
