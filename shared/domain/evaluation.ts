import type { Direction } from "./metrics.ts";

/**
 * The measures of `methods/metrics.md`: of how far a map may be believed. They keep ids of their own and never share a
 * column with the eleven metrics of a run, whose definitions differ.
 */
export const evaluationIds = [
  "average_drop",
  "increase_in_confidence",
  "average_gain",
  "coherency",
  "adcc",
  "arcc",
  "deletion_auc",
  "insertion_auc",
  "insertion_less_deletion",
  "road",
  "road_morf",
  "road_lerf",
  "road_morf_accuracy",
  "sufficiency_15",
  "necessity_15",
  "infidelity",
  "faithfulness_correlation",
  "pointing_game_15",
  "energy",
  "energy_lift",
  "rank_accuracy",
  "top_k_5",
  "pixel_auc",
  "pixel_ap",
  "iou_tau_15",
  "iou_tau_20",
  "iou_tau_best",
  "box_iou_20",
  "box_accuracy_20",
  "max_box_acc",
  "max_box_acc_v2",
  "l1_complexity",
  "l1_complexity_input",
  "entropy_share",
  "entropy_share_input",
  "gini",
  "gini_input",
  "effective_complexity",
  "effective_complexity_input",
  "effective_area",
  "effective_area_input",
  "focus_5",
  "focus_5_input",
  "max_sensitivity",
  "average_sensitivity",
  "flip_consistency",
  "shift_consistency",
  "output_stability",
  "method_agreement",
  "shortcut_energy",
  "shortcut_lift",
] as const;
export type EvaluationId = (typeof evaluationIds)[number];

/**
 * Measures that are paid for together: `drop` 1 forward and 1 explanation a map; `curves` deletion and insertion;
 * `removal` ROAD with sufficiency and necessity; `subsets` passes that all maps of an image share; `robustness` further
 * explanations. `localisation`, `complexity` and `shortcut` cost no pass.
 */
export const evaluationGroups = [
  "drop",
  "removal",
  "curves",
  "subsets",
  "robustness",
  "localisation",
  "complexity",
  "shortcut",
] as const;
export type EvaluationGroup = (typeof evaluationGroups)[number];

/** Groups that a bench measures unless others are asked for: what the recommendation rests on, and what is free. */
export const usualGroups: readonly EvaluationGroup[] = [
  "drop",
  "removal",
  "localisation",
  "complexity",
  "shortcut",
];

/** Why an image has no number; it is left out of the mean and counted under this. */
export const evaluationCauses = [
  "no-map",
  "no-evidence",
  "empty-mask",
  "other-class",
  "no-shortcut",
  "weak-score",
  "undefined",
] as const;
export type EvaluationCause = (typeof evaluationCauses)[number];

export type EvaluationValues = Readonly<Partial<Record<EvaluationId, number | EvaluationCause>>>;

/** Numbers that every value depends on; exports carry them in their header (`metrics.md` 0.1). */
export const evaluationSettings = {
  /** What is read, and how a map is finished: positive part, enlarged (bilinear, half-pixel), then min–max. */
  score: "probability",
  map: "positive part, bilinear to input size, min-max",
  ties: "seeded permutation",
  /** What stands for "removed". */
  baselines: {
    multiplied: "zero-normalised",
    deletion: "zero-normalised",
    insertion: "blur",
    removal: "noisy-linear",
    subsets: "zero-normalised",
  },
  /** Deletion and insertion: steps, by pixels unless the map has no more cells than this. */
  steps: 32,
  cellsAtMost: 64,
  /** RISE's blur: 11 × 11, σ = 5. */
  blurSize: 11,
  blurSigma: 5,
  /** ROAD: shares removed, and noise in units of the normalised input. */
  roadShares: [0.2, 0.4, 0.6, 0.8],
  roadNoise: 0.01,
  sufficientShare: 0.15,
  /** Faithfulness correlation and infidelity: random subsets of a grid set to the baseline. */
  subsets: 200,
  subsetGrid: 14,
  subsetShare: 0.2,
  /** Pointing game: pixels at 224. */
  tolerancePx: 15,
  toleranceAtPx: 224,
  topShare: 0.05,
  /** Steps of τ from 0 to 1, both counted. */
  thresholds: 21,
  boxIou: 0.5,
  boxIous: [0.3, 0.5, 0.7],
  /** Effective complexity counts values above it. */
  effectiveAbove: 0.1,
  focusShare: 0.05,
  /** Sensitivity: noisy copies, radius as a share of the input's range. */
  noisyCopies: 10,
  noiseRadius: 0.02,
  /** Output stability: a map's value and a change of the logits count as no less. */
  leastHeat: 0.01,
  leastChange: 0.01,
  /** Under this probability a quotient by it says nothing. */
  leastScore: 1e-6,
  /** Reference: deviation of the centred Gaussian as a share of the sides. */
  centreSigma: 0.25,
} as const;

/** Whether a map `[K, H, W]` is so coarse that deletion and insertion take whole cells: no order inside a cell. */
export function isByCell([, h, w]: readonly [number, number, number]): boolean {
  return h * w <= evaluationSettings.cellsAtMost;
}

export interface EvaluationFacts {
  readonly group: EvaluationGroup;
  readonly direction: Direction;
  /** Passes of one map; 0: none. Passes that all maps of an image share are counted in `sharedForwards`. */
  readonly forwards: number;
  readonly sharedForwards: number;
  /** Further maps that have to be made. */
  readonly explanations: number;
}

const free = { forwards: 0, sharedForwards: 0, explanations: 0 } as const;
const removalForwards = 2 * evaluationSettings.roadShares.length + 2;
const cost = {
  drop: { ...free, explanations: 1 },
  removal: { ...free, forwards: removalForwards },
  curves: {
    ...free,
    forwards: 2 * (evaluationSettings.steps - 1),
    sharedForwards: 2,
  },
  subsets: { ...free, sharedForwards: evaluationSettings.subsets },
  robustness: { ...free, explanations: evaluationSettings.noisyCopies + 3 },
  localisation: free,
  complexity: free,
  shortcut: free,
} satisfies Readonly<Record<EvaluationGroup, Omit<EvaluationFacts, "group" | "direction">>>;

/** Forwards and explanations of a whole group: its members share them. */
export function groupCost(group: EvaluationGroup): (typeof cost)[EvaluationGroup] {
  return cost[group];
}

const facts = (group: EvaluationGroup, direction: Direction): EvaluationFacts => ({
  group,
  direction,
  ...cost[group],
});
const up = "higher-is-better";
const down = "lower-is-better";

/** Direction and cost of each measure; its label, definition and what it leaves out are messages. */
export const evaluations: Readonly<Record<EvaluationId, EvaluationFacts>> = {
  average_drop: facts("drop", down),
  increase_in_confidence: facts("drop", up),
  average_gain: facts("drop", up),
  coherency: facts("drop", up),
  adcc: facts("drop", up),
  arcc: facts("removal", up),
  deletion_auc: facts("curves", down),
  insertion_auc: facts("curves", up),
  insertion_less_deletion: facts("curves", up),
  road: facts("removal", up),
  road_morf: facts("removal", down),
  road_lerf: facts("removal", up),
  road_morf_accuracy: facts("removal", down),
  sufficiency_15: facts("removal", up),
  necessity_15: facts("removal", up),
  infidelity: facts("subsets", down),
  faithfulness_correlation: facts("subsets", up),
  pointing_game_15: facts("localisation", up),
  energy: facts("localisation", up),
  energy_lift: facts("localisation", up),
  rank_accuracy: facts("localisation", up),
  top_k_5: facts("localisation", up),
  pixel_auc: facts("localisation", up),
  pixel_ap: facts("localisation", up),
  iou_tau_15: facts("localisation", up),
  iou_tau_20: facts("localisation", up),
  iou_tau_best: facts("localisation", up),
  box_iou_20: facts("localisation", up),
  box_accuracy_20: facts("localisation", up),
  max_box_acc: facts("localisation", up),
  max_box_acc_v2: facts("localisation", up),
  l1_complexity: facts("complexity", down),
  l1_complexity_input: facts("complexity", down),
  entropy_share: facts("complexity", down),
  entropy_share_input: facts("complexity", down),
  gini: facts("complexity", up),
  gini_input: facts("complexity", up),
  effective_complexity: facts("complexity", down),
  effective_complexity_input: facts("complexity", down),
  effective_area: facts("complexity", down),
  effective_area_input: facts("complexity", down),
  focus_5: facts("complexity", up),
  focus_5_input: facts("complexity", up),
  max_sensitivity: facts("robustness", down),
  average_sensitivity: facts("robustness", down),
  flip_consistency: facts("robustness", up),
  shift_consistency: facts("robustness", up),
  output_stability: facts("robustness", down),
  method_agreement: facts("complexity", "neither"),
  shortcut_energy: facts("shortcut", "neither"),
  shortcut_lift: facts("shortcut", "neither"),
};

/** What only a whole dataset has: chosen thresholds. */
const ofDataset: ReadonlySet<EvaluationId> = new Set([
  "iou_tau_best",
  "max_box_acc",
  "max_box_acc_v2",
]);

/** Measures that these groups give every image; ARCC takes ROAD and coherency, hence both groups. */
export function imageEvaluations(groups: readonly EvaluationGroup[]): readonly EvaluationId[] {
  return evaluationIds.filter((id) => {
    const isComplete = id !== "arcc" || groups.includes("drop");
    return groups.includes(evaluations[id].group) && isComplete && !ofDataset.has(id);
  });
}

/** The same with what the dataset concludes. */
export function benchEvaluations(groups: readonly EvaluationGroup[]): readonly EvaluationId[] {
  const each = imageEvaluations(groups);
  return evaluationIds.filter(
    (id) => each.includes(id) || (ofDataset.has(id) && groups.includes(evaluations[id].group)),
  );
}
