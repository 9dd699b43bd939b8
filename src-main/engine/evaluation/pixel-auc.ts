/**
 * ROC AUC and average precision of a map as a score of the mask. Ties count half in the AUC; in the average precision equal
 * pixels enter together. `hottest` lists the pixels by value. NaN where the mask is everything: there is nothing to tell
 * apart.
 */
export function pixelAuc(
  map: Float32Array,
  mask: Uint8Array,
  hottest: Int32Array,
): { readonly auc: number; readonly averagePrecision: number } {
  const positives = mask.reduce((sum, value) => sum + value, 0);
  const negatives = mask.length - positives;
  let [truePositives, falsePositives, area, precision] = [0, 0, 0, 0];
  for (let from = 0; from < hottest.length;) {
    const value = map[hottest[from]];
    let [inside, outside] = [0, 0];
    let to = from;
    for (; to < hottest.length && map[hottest[to]] === value; to++)
      if (mask[hottest[to]]) inside++;
      else outside++;
    area += outside * (truePositives + inside / 2);
    truePositives += inside;
    falsePositives += outside;
    precision += (inside * truePositives) / (truePositives + falsePositives);
    from = to;
  }
  return {
    auc: negatives > 0 ? area / (positives * negatives) : NaN,
    averagePrecision: precision / positives,
  };
}
