/**
 * Affinities between the n positions of a map, `[n,n]` row-major in float64, and the handing on of activation along
 * them (AD-CAM, random walks). Row i of a stochastic matrix says how position i divides its attention.
 */

/** How the neighbourhoods of two positions are compared; `none`: they are not. */
export const neighbourKinds = ["bhattacharyya", "overlap", "dot", "two-hop", "none"] as const;
export type NeighbourKind = (typeof neighbourKinds)[number];

/** `relu(cos(F_i, F_j))` of activations `[K,n]`; a dead position is like itself alone. */
export function featureAffinity(features: Float32Array, k: number): Float64Array {
  const n = features.length / k;
  const lengths = new Float64Array(n);
  for (let i = 0; i < features.length; i++) lengths[i % n] += features[i] ** 2;
  const units = new Float64Array(n * k); // [n,K]: each position's vector lies together
  for (let p = 0; p < n; p++) {
    const length = Math.sqrt(lengths[p]);
    if (length > 0) for (let c = 0; c < k; c++) units[p * k + c] = features[c * n + p] / length;
  }
  const affinity = gram(units, n, k);
  for (let i = 0; i < affinity.length; i++) if (affinity[i] < 0) affinity[i] = 0;
  for (let p = 0; p < n; p++) affinity[p * n + p] = 1;
  return affinity;
}

/** `A_ij / Σ_j A_ij`; a row without any weight keeps all of it. */
export function rowStochastic(affinity: ArrayLike<number>, n: number): Float64Array {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += affinity[i * n + j];
    if (sum > 1e-12) for (let j = 0; j < n; j++) rows[i * n + j] = affinity[i * n + j] / sum;
    else rows[i * n + i] = 1;
  }
  return rows;
}

/**
 * How far two positions attend to the same neighbours, `C = Cᵀ`, 0..1, of row-stochastic `P`:
 *
 *   bhattacharyya  Σ_k √(P_ik P_jk)      overlap  Σ_k min(P_ik, P_jk)      dot  (P Pᵀ)_ij / max
 */
export function commonNeighbours(
  p: Float64Array,
  n: number,
  kind: "bhattacharyya" | "overlap" | "dot",
): Float64Array {
  if (kind === "overlap") return overlaps(p, n);
  if (kind === "bhattacharyya") return gram(p.map(Math.sqrt), n, n);
  const common = gram(p, n, n);
  let most = 0;
  for (const value of common) most = Math.max(most, value);
  return most > 0 ? common.map((value) => value / most) : common;
}

/** `R`: the part of each attention that common neighbours bear out. `R ≤ P` but for `two-hop`, where `R = P Pᵀ`. */
export function refine(
  p: Float64Array,
  n: number,
  { kind, gamma }: { readonly kind: NeighbourKind; readonly gamma: number },
): Float64Array {
  if (kind === "none") return p;
  if (kind === "two-hop") return gram(p, n, n);
  const common = commonNeighbours(p, n, kind);
  return p.map((value, i) => value * Math.min(1, common[i]) ** gamma);
}

/**
 * `t` steps along row-stochastic `T` with restart ρ, `M ← (1 − ρ) step(M) + ρ M₀`, of one class map `[n]`:
 *
 *   push    Σ_i M_i T_ij     position i gives its activation away in shares: the sum stays
 *   gather  Σ_j T_ij M_j     position i takes a mean of its neighbours: a constant stays
 */
export function diffuse(
  map: ArrayLike<number>,
  t: Float64Array,
  {
    direction,
    steps,
    restart,
  }: { readonly direction: "push" | "gather"; readonly steps: number; readonly restart: number },
): Float64Array {
  const n = map.length;
  let now = Float64Array.from(map);
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++)
      if (direction === "push") {
        const own = now[i];
        if (own !== 0) for (let j = 0; j < n; j++) next[j] += own * t[i * n + j];
      } else {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += t[i * n + j] * now[j];
        next[i] = sum;
      }
    if (restart > 0)
      for (let i = 0; i < n; i++) next[i] = (1 - restart) * next[i] + restart * map[i];
    now = next;
  }
  return now;
}

/** `V Vᵀ` of `[n,k]`, which is symmetric. */
function gram(values: Float64Array, n: number, k: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const own = values.subarray(i * k, (i + 1) * k);
    for (let j = i; j < n; j++) {
      const other = j * k;
      let sum = 0;
      for (let c = 0; c < k; c++) sum += own[c] * values[other + c];
      out[i * n + j] = out[j * n + i] = sum;
    }
  }
  return out;
}

function overlaps(p: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += Math.min(p[i * n + k], p[j * n + k]);
      out[i * n + j] = out[j * n + i] = sum;
    }
  return out;
}
