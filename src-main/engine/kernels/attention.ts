/** Attention `P [heads,T,T]`, row-major: row i says how token i divides its attention. Sums run in float64. */

/** `[T,T]`: the mean over the heads of `f(P, G)`, entry by entry; `f` is P itself unless stated. */
export function meanOverHeads(
  probabilities: Float32Array,
  heads: number,
  f: (at: number) => number = (at) => probabilities[at],
): Float64Array {
  const size = probabilities.length / heads;
  const mean = new Float64Array(size);
  for (let head = 0; head < heads; head++)
    for (let at = 0; at < size; at++) mean[at] += f(head * size + at);
  for (let at = 0; at < size; at++) mean[at] /= heads;
  return mean;
}

/**
 * A row `r [T]` carried back through blocks, the last first: `r ← a·r + b·r·M_l` for `M_l [T,T]`. The row of a product of
 * matrices costs T² a block instead of T³.
 */
export function carryBack(
  row: Float64Array,
  blocks: readonly Float64Array[],
  [own, through]: readonly [own: number, through: number],
): Float64Array {
  const t = row.length;
  let now = row;
  for (const block of blocks.toReversed()) {
    const next = now.map((value) => own * value);
    for (let i = 0; i < t; i++) {
      const weight = through * now[i];
      if (weight !== 0) for (let j = 0; j < t; j++) next[j] += weight * block[i * t + j];
    }
    now = next;
  }
  return now;
}

/** The mean of these rows of the identity, `[T]`: where a mean of rows is carried back from. */
export function meanRow(tokens: number, rows: readonly number[]): Float64Array {
  const mean = new Float64Array(tokens);
  for (const row of rows) mean[row] += 1 / rows.length;
  return mean;
}
