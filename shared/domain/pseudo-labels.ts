/** What refines labels: a random walk along likeness of colours (no IRN), a dense CRF, or one after the other. */
export const refinements = ["none", "walk", "crf", "both"] as const;
export type Refinement = (typeof refinements)[number];

/** How background is told from objects: a constant θ, or `(1 − max_k M_k)^α`. */
export type LabelBackground =
  | { readonly kind: "threshold"; readonly value: number }
  | { readonly kind: "power"; readonly value: number };

/** How maps become labels; what `labels.json` repeats. */
export interface LabelOptions {
  /** Whose classes an image may show: its own labels, or, not comparable with published seeds, the model's answers. */
  readonly classes: "labels" | "predictions";
  /** Outputs that are no object ("normal"). */
  readonly backgroundClasses: readonly number[];
  readonly background: LabelBackground;
  /** Below the first threshold background, above the second an object, 255 between; null: no pixel is left open. */
  readonly ignoreBetween: readonly [low: number, high: number] | null;
  readonly refine: Refinement;
  /** Background plane beside walked maps. */
  readonly walkBackground: number;
  /** Longer side of the picture that the CRF sees. */
  readonly crfSide: number;
}

export const labelDefaults = {
  background: { kind: "threshold", value: 0.2 },
  walkBackground: 0.25,
  crfSide: 64,
} as const;

/** θ from 0 to 0.59 in steps of 0.01: the sweep that papers report the best of. */
export const sweepThresholds = Array.from({ length: 60 }, (_, i) => i / 100);
