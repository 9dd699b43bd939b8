/**
 * Area under the ROC curve of a value for a yes/no answer: the chance that a random "yes" has the higher value, ties counted
 * half (Mann–Whitney, by mid-ranks). In [0, 1], 0.5 = says nothing; NaN when either side is empty. Non-finite values are left
 * out. `values` and `isPositive` run in step.
 */
export function auc(values: readonly number[], isPositive: readonly boolean[]): number {
  const known = values
    .map((value, index) => ({ value, isPositive: isPositive[index] === true }))
    .filter((one) => Number.isFinite(one.value))
    .sort((a, b) => a.value - b.value);
  const positives = known.filter((one) => one.isPositive).length;
  const negatives = known.length - positives;
  if (positives === 0 || negatives === 0) return NaN;
  let wins = 0;
  let below = 0;
  for (let start = 0; start < known.length;) {
    let end = start;
    let yes = 0;
    while (end < known.length && known[end]?.value === known[start]?.value) {
      if (known[end]?.isPositive === true) yes += 1;
      end += 1;
    }
    const no = end - start - yes;
    wins += yes * (below + no / 2);
    below += no;
    start = end;
  }
  return wins / (positives * negatives);
}
