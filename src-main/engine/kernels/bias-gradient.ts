/** What one layer adds to a score: the bias at its output, `constant` broadcast from the right, or its own value at its bounds. */
export type Bias =
  | { readonly kind: "constant"; readonly dims: readonly number[]; readonly values: Float64Array }
  | { readonly kind: "bounds"; readonly low: number; readonly high: number };

/** `b ⊙ G` over one output, `[1,…]`; with no bias `value ⊙ G`. */
export function timesBias(
  value: Float32Array,
  gradient: { readonly dims: readonly number[]; readonly data: Float32Array },
  bias: Bias | null,
): Float64Array {
  const { data, dims } = gradient;
  if (bias?.kind !== "constant") {
    const { low, high } = bias ?? { low: Infinity, high: Infinity }; // the picture counts whatever its value
    const own = new Float64Array(data.length);
    for (let at = 0; at < own.length; at++)
      if (value[at] <= low || value[at] >= high) own[at] = data[at] * value[at];
    return own;
  }
  // Strides of the bias along the output's axes: 0 where it is broadcast.
  const lead = dims.length - bias.dims.length;
  const steps = dims.map((_, axis) =>
    axis < lead || bias.dims[axis - lead] === 1
      ? 0
      : bias.dims.slice(axis - lead + 1).reduce((product, dim) => product * dim, 1),
  );
  let outer = dims.length; // axes up to here are stepped through; behind them one bias holds for a whole block
  while (outer > 0 && steps[outer - 1] === 0) outer--;
  const block = dims.slice(outer).reduce((product, dim) => product * dim, 1);
  const out = new Float64Array(data.length);
  const place = new Array<number>(outer).fill(0);
  for (let at = 0, from = 0; at < out.length; at += block) {
    const own = bias.values[from];
    for (let i = at; i < at + block; i++) out[i] = data[i] * own;
    for (let axis = outer - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++place[axis] < dims[axis]) break;
      place[axis] = 0;
      from -= steps[axis] * dims[axis];
    }
  }
  return out;
}

/** `Σ_k (|v_k| − min) / (max − min)` of `[K,n]`, `[n]`; a channel whose magnitudes do not vary adds nothing. */
export function normalisedMagnitudes(values: Float64Array, k: number): Float32Array {
  const n = values.length / k;
  const sum = new Float64Array(n);
  for (let from = 0; from < values.length; from += n) {
    let [min, max] = [Infinity, 0];
    for (let p = from; p < from + n; p++) {
      const size = Math.abs(values[p]);
      if (size < min) min = size;
      if (size > max) max = size;
    }
    if (!(max > min)) continue;
    for (let p = 0; p < n; p++) sum[p] += (Math.abs(values[from + p]) - min) / (max - min);
  }
  return Float32Array.from(sum);
}
