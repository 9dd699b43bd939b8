/** Loops over one image's activations `[K,n]`, n = H·W positions, row-major. Sums run in float64. */

/** Mean over the positions of each channel: `[K,n]` → `[K]`. */
export function meanPerChannel(values: Float32Array, k: number): Float64Array {
  const n = values.length / k;
  const means = new Float64Array(k);
  for (let channel = 0; channel < k; channel++) {
    let sum = 0;
    for (let p = channel * n; p < (channel + 1) * n; p++) sum += values[p];
    means[channel] = sum / n;
  }
  return means;
}

/** `Σ_k w_k A_k`: `[K,n]`, `[K]` → `[n]`. */
export function weightedSum(activations: Float32Array, weights: ArrayLike<number>): Float32Array {
  const k = weights.length;
  const n = activations.length / k;
  const sum = new Float64Array(n);
  for (let channel = 0; channel < k; channel++) {
    const weight = weights[channel];
    if (weight === 0) continue;
    const at = channel * n;
    for (let p = 0; p < n; p++) sum[p] += weight * activations[at + p];
  }
  return Float32Array.from(sum);
}

/** `Σ_k f(G_k, A_k)` position by position: `[K,n]` twice → `[n]`. */
export function sumOverChannels(
  gradients: Float32Array,
  activations: Float32Array,
  k: number,
  f: (gradient: number, activation: number) => number,
): Float32Array {
  const n = activations.length / k;
  const sum = new Float64Array(n);
  for (let channel = 0; channel < k; channel++) {
    const at = channel * n;
    for (let p = 0; p < n; p++) sum[p] += f(gradients[at + p], activations[at + p]);
  }
  return Float32Array.from(sum);
}

/** Whether every value is a finite number: x·0 is 0 for those alone. Four sums, so that no addition waits for another. */
export function isFiniteArray(values: Float32Array): boolean {
  const whole = values.length - (values.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += values[i] * 0;
    b += values[i + 1] * 0;
    c += values[i + 2] * 0;
    d += values[i + 3] * 0;
  }
  for (let i = whole; i < values.length; i++) a += values[i] * 0;
  return a + b + c + d === 0;
}

/** Smallest and largest value; `[Infinity, -Infinity]` of nothing. */
export function extent(values: ArrayLike<number>): [min: number, max: number] {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < min) min = values[i];
    if (values[i] > max) max = values[i];
  }
  return [min, max];
}
