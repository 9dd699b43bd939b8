/** Pixels of truth i labelled j, `[C,C]` row by row; 0 is background. */
export type ConfusionMatrix = Float64Array;

/** What a confusion matrix over all pictures says. NaN: the class is in neither truth nor labels. */
export interface SegmentationScores {
  readonly iou: readonly number[];
  /** Mean over the classes that occur, background among them. */
  readonly miou: number;
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** Background among the pixels labelled as objects; NaN where none is. */
  readonly overCoverage: number;
}

/** A matrix of nothing yet. */
export function emptyConfusion(classes: number): ConfusionMatrix {
  return new Float64Array(classes * classes);
}

/** `IoU_i = n_ii / (Σ_j n_ij + Σ_j n_ji − n_ii)` over one matrix of all pictures, never a mean over pictures. */
export function segmentationScores(matrix: ConfusionMatrix): SegmentationScores {
  const classes = Math.round(Math.sqrt(matrix.length));
  const at = (truth: number, label: number) => matrix[truth * classes + label];
  const rows = Array.from({ length: classes }, (_, i) => sumOf(classes, (j) => at(i, j)));
  const columns = Array.from({ length: classes }, (_, j) => sumOf(classes, (i) => at(i, j)));
  const iou = rows.map((row, i) => at(i, i) / (row + columns[i] - at(i, i)));
  const present = iou.filter((value) => !Number.isNaN(value));
  const labelled = columns.slice(1).reduce((sum, n) => sum + n, 0);
  return {
    iou,
    miou: present.reduce((sum, value) => sum + value, 0) / present.length,
    precision: columns.map((n, j) => at(j, j) / n),
    recall: rows.map((n, i) => at(i, i) / n),
    overCoverage: sumOf(classes, (j) => (j === 0 ? 0 : at(0, j))) / labelled,
  };
}

function sumOf(count: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += of(i);
  return sum;
}
