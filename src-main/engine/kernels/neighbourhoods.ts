/**
 * Which vertices each vertex lists, as the sparse rows of `P [n,n]`: `P[i,j] = 1 / |list i|` where i lists j, else 0. Edges are
 * directed; rows sum to 1.
 */
export type Neighbourhoods = readonly Int32Array[];

/** `P·b`: the mean of `values [n]` over what each vertex lists. */
export function meanOverListed(lists: Neighbourhoods, values: ArrayLike<number>): Float64Array {
  return Float64Array.from(lists, (list) => {
    let sum = 0;
    for (const j of list) sum += values[j];
    return sum / list.length;
  });
}

/** `Pᵀ·r`: each vertex hands its value in equal parts to those it lists; `[n]`. */
export function handToListed(lists: Neighbourhoods, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(lists.length);
  lists.forEach((list, i) => {
    for (const j of list) sums[j] += values[i] / list.length;
  });
  return sums;
}

/** The lists with every vertex in its own: ties of distance may have left it out. */
export function withSelf(lists: Neighbourhoods): Neighbourhoods {
  return lists.map((list, i) => (list.includes(i) ? list : Int32Array.of(i, ...list)));
}

/**
 * Of each position its `count` most similar ones by the cosine of `values [K,n]`, itself first. Ties go to the lower position; a
 * position without any value has cosine 0 with all.
 */
export function mostSimilar(values: Float32Array, k: number, count: number): Neighbourhoods {
  const n = values.length / k;
  const lengths = new Float64Array(n);
  for (let channel = 0; channel < k; channel++)
    for (let p = 0; p < n; p++) lengths[p] += values[channel * n + p] ** 2;
  const units = new Float64Array(n * k); // [n,K]
  for (let p = 0; p < n; p++) {
    if (lengths[p] === 0) continue;
    const length = Math.sqrt(lengths[p]);
    for (let channel = 0; channel < k; channel++)
      units[p * k + channel] = values[channel * n + p] / length;
  }
  return Array.from({ length: n }, (_, i) => {
    const cosines = Float64Array.from({ length: n }, (_, j) => {
      let sum = 0;
      for (let channel = 0; channel < k; channel++)
        sum += units[i * k + channel] * units[j * k + channel];
      return j === i ? Infinity : sum;
    });
    const order = [...cosines.keys()].sort((a, b) => cosines[b] - cosines[a] || a - b);
    return Int32Array.from(order.slice(0, count));
  });
}
