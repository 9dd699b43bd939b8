/** A further model that a run reads, as `--with FILE[#output]` names it. */
export interface OtherSource {
  readonly path: string;
  /** The output that stands for the class explained; null: the second of two, or the only one. */
  readonly output: number | null;
}

/** The same once it is opened: what a run's identity holds of it. */
export interface OtherFacts extends OtherSource {
  readonly fileName: string;
  readonly sha256: string;
}
