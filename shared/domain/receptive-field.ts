/** How one axis of a map lies on the model's input, in pixels; centres are 0-based indices of pixels. */
export interface FieldAxis {
  /** Extent of the input. */
  readonly inputPx: number;
  /** Distance between the centres of neighbouring cells. */
  readonly jumpPx: number;
  /** Extent of what one cell can see at all. */
  readonly sizePx: number;
  /** Centre of the first cell's receptive field: pixels, not the middle of the cell's share of the picture. */
  readonly centrePx: number;
  /** Standard deviation of the effective receptive field, at least half a jump. */
  readonly sigmaPx: number;
}

/** What the cells of a map see of the model's input. */
export interface ReceptiveField {
  /** Followed from the input through every window; else assumed, one cell wide at even distances. */
  readonly isDerived: boolean;
  readonly down: FieldAxis;
  readonly across: FieldAxis;
}
