import { defineMeasure } from "./measure.ts";
import { hottestShare } from "./hottest.ts";

/** IoU top 20: overlap of the hottest 20 % of cells with the cells of w > 0.5, intersection over union. */
export const iouTop20 = defineMeasure({
  id: "iou_top20",
  measure({ heat, evidence }) {
    if (!evidence) return "no-evidence";
    const isHot = hottestShare(heat, 0.2);
    let both = 0;
    let either = 0;
    evidence.forEach((weight, cell) => {
      const isEvidence = weight > 0.5;
      if (isHot[cell] && isEvidence) both++;
      if (isHot[cell] || isEvidence) either++;
    });
    return both / either;
  },
});
