const steps = 500;

/**
 * Projection of positions on their first principal direction, channel means taken off: `X·v₁` of `X [n,K]`, given as
 * `values [K,n]`. The smaller of the two Gram matrices (`XXᵀ [n,n]` or `XᵀX [K,K]`) is iterated; both give the same map up
 * to sign. `share` is λ₁ / Σλ, 0 where nothing varies.
 */
export function firstPrincipal(
  values: Float32Array,
  k: number,
): { projection: Float64Array; eigenvalue: number; share: number } {
  const n = values.length / k;
  const centred = centre(values, k, n);
  const overPositions = n <= k;
  const size = overPositions ? n : k;
  const gram = overPositions ? gramOfColumns(centred, k, n) : gramOfRows(centred, k, n);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i];
  if (!(trace > 0)) return { projection: new Float64Array(n), eigenvalue: 0, share: 0 };

  const { value, vector } = leadingEigenpair(gram, size);
  const projection = overPositions
    ? vector.map((q) => q * Math.sqrt(value))
    : project(centred, vector, k, n);
  return { projection, eigenvalue: value, share: value / trace };
}

/** Leading eigenpair of a symmetric positive semi-definite matrix `[size,size]` by power iteration. */
export function leadingEigenpair(
  matrix: Float64Array,
  size: number,
): { value: number; vector: Float64Array } {
  // An irregular start, the same on every machine: no symmetry of the data is orthogonal to it.
  const start = Float64Array.from({ length: size }, (_, i) => 0.5 + ((i * 0.6180339887498949) % 1));
  let vector = normalise(multiply(matrix, normalise(start), size));
  let value = 0;
  for (let step = 0; step < steps; step++) {
    const next = multiply(matrix, vector, size);
    value = norm(next);
    if (value === 0) break;
    normalise(next);
    let change = 0;
    for (let i = 0; i < size; i++) change = Math.max(change, Math.abs(next[i] - vector[i]));
    vector = next;
    if (change < 1e-13) break;
  }
  return { value, vector };
}

/**
 * Eigenpair with the algebraically largest eigenvalue of any symmetric matrix `[size,size]`. Where the eigenvalue largest in
 * magnitude is negative, the whole spectrum is moved up by it and iterated again.
 */
export function largestEigenpair(
  matrix: Float64Array,
  size: number,
): { value: number; vector: Float64Array } {
  const first = leadingEigenpair(matrix, size);
  const turned = multiply(matrix, first.vector, size);
  let quotient = 0;
  for (let i = 0; i < size; i++) quotient += first.vector[i] * turned[i];
  let residual = 0;
  for (let i = 0; i < size; i++)
    residual = Math.max(residual, Math.abs(turned[i] - quotient * first.vector[i]));
  if (quotient > 0 && residual <= 1e-6 * first.value) return { ...first, value: quotient };
  const shift = first.value * (1 + 1e-6);
  const moved = matrix.slice();
  for (let i = 0; i < size; i++) moved[i * size + i] += shift;
  const { value, vector } = leadingEigenpair(moved, size);
  return { value: value - shift, vector };
}

/** Values `[K,n]` with the mean of every channel taken off. */
export function centre(values: Float32Array, k: number, n: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let channel = 0; channel < k; channel++) {
    const at = channel * n;
    let mean = 0;
    for (let p = 0; p < n; p++) mean += values[at + p];
    mean /= n;
    for (let p = 0; p < n; p++) out[at + p] = values[at + p] - mean;
  }
  return out;
}

/** `[n,n]`: inner products of positions. */
export function gramOfColumns(x: Float64Array, k: number, n: number): Float64Array {
  const gram = new Float64Array(n * n);
  for (let channel = 0; channel < k; channel++) {
    const at = channel * n;
    for (let i = 0; i < n; i++) {
      const left = x[at + i];
      if (left === 0) continue;
      for (let j = 0; j <= i; j++) gram[i * n + j] += left * x[at + j];
    }
  }
  return mirror(gram, n);
}

/** `[K,K]`: inner products of channels. */
function gramOfRows(x: Float64Array, k: number, n: number): Float64Array {
  const gram = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let p = 0; p < n; p++) sum += x[i * n + p] * x[j * n + p];
      gram[i * k + j] = sum;
    }
  return mirror(gram, k);
}

function mirror(gram: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) gram[j * size + i] = gram[i * size + j];
  return gram;
}

function project(x: Float64Array, direction: Float64Array, k: number, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let channel = 0; channel < k; channel++)
    for (let p = 0; p < n; p++) out[p] += direction[channel] * x[channel * n + p];
  return out;
}

function multiply(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += matrix[i * size + j] * vector[j];
    out[i] = sum;
  }
  return out;
}

function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}

function normalise(vector: Float64Array): Float64Array {
  const length = norm(vector);
  if (length === 0) return vector;
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return vector;
}
