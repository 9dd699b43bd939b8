/** Index of the largest value, the first on ties. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** `exp(v) / Σ exp(v)`, shifted by the maximum so that nothing overflows; −Infinity gives 0. */
export function softmax(values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length);
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) max = Math.max(max, values[i]);
  let sum = 0;
  for (let i = 0; i < out.length; i++)
    sum += out[i] = max === -Infinity ? 1 : Math.exp(values[i] - max);
  for (let i = 0; i < out.length; i++) out[i] /= sum;
  return out;
}

/** `Σ_i a_i b_i`. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Probability of class `c`; of a single output, of its positive (1) or negative (0) side. */
export function classProbability(logits: ArrayLike<number>, c: number): number {
  if (logits.length > 1) return softmax(logits)[c];
  const positive = 1 / (1 + Math.exp(-logits[0]));
  return c === 1 ? positive : 1 - positive;
}
