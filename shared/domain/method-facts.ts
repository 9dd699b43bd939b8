/** How near it is to its paper. */
export type MethodStatus = "as-published" | "reconstruction" | "post-hoc-surrogate";

/** `forward`: nothing beyond it. `gradient`: one backward over the tail. `tail`: many tail passes. `forwards`: many whole passes. */
export type CostClass = "forward" | "gradient" | "tail" | "forwards";

/** What people are told of a method. */
export interface MethodFacts {
  readonly label: string;
  readonly paper: string;
  readonly url: string;
  readonly cost: CostClass;
  readonly status: MethodStatus;
  /** Whether two classes of one image have different maps. */
  readonly isClassSpecific: boolean;
  /**
   * `natural`: 0 means no evidence. `baseline`: the score of an all-zero tap was subtracted. `none`: 0 means nothing; the
   * smallest value of each map is taken off before it is measured, and that is said.
   */
  readonly zero: "natural" | "baseline" | "none";
  /** It learns from the labelled items before its maps, so it works in an audit alone. */
  readonly isFitted?: true;
  /** How its maps are drawn unless asked otherwise: smoothly, unless stated. */
  readonly enlargement?: "gaussian";
  /** One line each, shown beside the method. */
  readonly description: string;
  readonly weakness: string;
}
