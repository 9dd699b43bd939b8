import { sweepThresholds } from "../../shared/domain/pseudo-labels.ts";
import {
  emptyConfusion,
  segmentationScores,
  type ConfusionMatrix,
} from "../../shared/statistics/segmentation.ts";
import type { LabelOutcome } from "../engine/protocol.ts";

/** What `labels.json` says of labels against truth: null where there is none for any picture. */
export interface LabelScores {
  readonly images: number;
  readonly miou: number | null;
  readonly overCoverage: number | null;
  /** Background first; classes that occur nowhere have null. */
  readonly classes: readonly {
    readonly name: string;
    readonly iou: number | null;
    readonly precision: number | null;
    readonly recall: number | null;
  }[];
  /** mIoU of unrefined labels at each constant θ, and the best of them: swept on these very pictures. */
  readonly sweep: readonly { readonly threshold: number; readonly miou: number | null }[];
  readonly best: { readonly threshold: number; readonly miou: number } | null;
}

/** Adds up the counts of all pictures; an intersection over union is never a mean over pictures. */
export class LabelTally {
  readonly #names: readonly string[];
  readonly #matrix: ConfusionMatrix;
  readonly #swept: readonly ConfusionMatrix[];
  readonly #coverage = new Map<number, number>();
  #images = 0;

  /** `classNames` of the model's outputs; background comes before them. */
  constructor(classNames: readonly string[]) {
    this.#names = classNames;
    const classes = classNames.length + 1;
    this.#matrix = emptyConfusion(classes);
    this.#swept = sweepThresholds.map(() => emptyConfusion(classes));
  }

  add({ pairs, sweep, coverage }: Pick<LabelOutcome, "pairs" | "sweep" | "coverage">): void {
    for (const { label, n } of coverage)
      this.#coverage.set(label, (this.#coverage.get(label) ?? 0) + n);
    if (!pairs || !sweep) return;
    this.#images++;
    const classes = this.#names.length + 1;
    for (const { truth, label, n } of pairs) this.#matrix[truth * classes + label] += n;
    for (const { truth, label, over } of sweep) {
      // Over the first b thresholds: an object at threshold i while b > i.
      let above = over.reduce((sum, n) => sum + n, 0);
      let below = 0;
      for (const [i, matrix] of this.#swept.entries()) {
        above -= over[i];
        below += over[i];
        matrix[truth * classes + label] += above;
        matrix[truth * classes] += below;
      }
    }
  }

  /** Share of all pixels per label: "background", "open", or a class. */
  coverage(): Readonly<Record<string, number>> {
    const all = [...this.#coverage.values()].reduce((sum, n) => sum + n, 0);
    const shares = [...this.#coverage].toSorted(([a], [b]) => a - b);
    return Object.fromEntries(shares.map(([label, n]) => [this.#nameOf(label), n / all]));
  }

  scores(): LabelScores | null {
    if (this.#images === 0) return null;
    const { iou, miou, precision, recall, overCoverage } = segmentationScores(this.#matrix);
    const sweep = this.#swept.map((matrix, i) => ({
      threshold: sweepThresholds[i],
      miou: known(segmentationScores(matrix).miou),
    }));
    const best = sweep.reduce((a, b) => ((b.miou ?? -1) > (a.miou ?? -1) ? b : a));
    return {
      images: this.#images,
      miou: known(miou),
      overCoverage: known(overCoverage),
      classes: iou.map((own, index) => ({
        name: this.#nameOf(index),
        iou: known(own),
        precision: known(precision[index]),
        recall: known(recall[index]),
      })),
      sweep,
      best: best.miou === null ? null : { threshold: best.threshold, miou: best.miou },
    };
  }

  #nameOf(label: number): string {
    if (label === 0) return "background";
    return label === 255 ? "open" : (this.#names[label - 1] ?? String(label - 1));
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
