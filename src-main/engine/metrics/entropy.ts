import { defineMeasure } from "./measure.ts";

/** Entropy: `−Σ p log p ÷ log(cells)`, p = m ÷ Σ m: 0 all heat in one cell, 1 even heat. */
export const entropy = defineMeasure({
  id: "entropy",
  measure({ heat }) {
    let all = 0;
    for (const value of heat) all += value;
    let sum = 0;
    for (const value of heat) if (value > 0) sum -= (value / all) * Math.log(value / all);
    return sum / Math.log(heat.length);
  },
});
