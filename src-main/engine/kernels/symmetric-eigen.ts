/** Rotations per eigenvalue after which the iteration has failed; ten are rare. */
const mostSteps = 60;

/**
 * All eigenpairs of a symmetric matrix `[size,size]`, largest eigenvalue first: Householder reflections to three diagonals, then
 * QL steps with Wilkinson's shift. `vectors` holds one unit vector per row.
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { values: Float64Array; vectors: Float64Array } {
  const q = matrix.slice(); // becomes the reflections multiplied out, eigenvectors in its columns
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  reduceToThreeDiagonals(q, diagonal, beside, size);
  iterate(q, diagonal, beside, size);
  const order = [...diagonal.keys()].toSorted((a, b) => diagonal[b] - diagonal[a]);
  const vectors = new Float64Array(size * size);
  order.forEach((column, row) => {
    for (let i = 0; i < size; i++) vectors[row * size + i] = q[i * size + column];
  });
  return { values: Float64Array.from(order, (column) => diagonal[column]), vectors };
}

function reduceToThreeDiagonals(
  q: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
): void {
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(q[row + k]);
    if (i === 1 || scale === 0) {
      beside[i] = q[row + i - 1];
      diagonal[i] = 0;
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) {
      q[row + k] /= scale;
      h += q[row + k] ** 2;
    }
    const f = q[row + i - 1];
    const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    beside[i] = scale * g;
    h -= f * g;
    q[row + i - 1] = f - g;
    let along = 0;
    for (let j = 0; j < i; j++) {
      q[j * n + i] = q[row + j] / h;
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += q[j * n + k] * q[row + k];
      for (let k = j + 1; k < i; k++) sum += q[k * n + j] * q[row + k];
      beside[j] = sum / h;
      along += beside[j] * q[row + j];
    }
    const half = along / (2 * h);
    for (let j = 0; j < i; j++) {
      const u = q[row + j];
      const p = (beside[j] -= half * u);
      for (let k = 0; k <= j; k++) q[j * n + k] -= u * beside[k] + p * q[row + k];
    }
    diagonal[i] = h;
  }
  diagonal[0] = 0;
  beside[0] = 0;
  for (let i = 0; i < n; i++) {
    if (diagonal[i] !== 0)
      for (let j = 0; j < i; j++) {
        let sum = 0;
        for (let k = 0; k < i; k++) sum += q[i * n + k] * q[k * n + j];
        for (let k = 0; k < i; k++) q[k * n + j] -= sum * q[k * n + i];
      }
    diagonal[i] = q[i * n + i];
    q[i * n + i] = 1;
    for (let j = 0; j < i; j++) q[j * n + i] = q[i * n + j] = 0;
  }
}

function iterate(q: Float64Array, diagonal: Float64Array, beside: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) beside[i - 1] = beside[i];
  beside[n - 1] = 0;
  for (let low = 0; low < n; low++)
    for (let step = 0; ; step++) {
      let high = low;
      for (; high < n - 1; high++) {
        const size = Math.abs(diagonal[high]) + Math.abs(diagonal[high + 1]);
        if (Math.abs(beside[high]) <= Number.EPSILON * size) break;
      }
      if (high === low) break;
      if (step === mostSteps) throw new RangeError("the eigenvalues did not settle");
      turn(q, diagonal, beside, n, low, high);
    }
}

/** One QL step on rows `low … high`. */
function turn(
  q: Float64Array,
  diagonal: Float64Array,
  beside: Float64Array,
  n: number,
  low: number,
  high: number,
): void {
  const ratio = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low]);
  const root = Math.hypot(ratio, 1);
  const shift = diagonal[low] - beside[low] / (ratio + (ratio >= 0 ? root : -root));
  let g = diagonal[high] - shift;
  let [sine, cosine, carried] = [1, 1, 0];
  for (let i = high - 1; i >= low; i--) {
    const f = sine * beside[i];
    const b = cosine * beside[i];
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1] -= carried;
      beside[high] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1] - carried;
    const t = (diagonal[i] - g) * sine + 2 * cosine * b;
    carried = sine * t;
    diagonal[i + 1] = g + carried;
    g = cosine * t - b;
    for (let k = 0; k < n; k++) {
      const [a, c] = [q[k * n + i], q[k * n + i + 1]];
      q[k * n + i + 1] = sine * a + cosine * c;
      q[k * n + i] = cosine * a - sine * c;
    }
  }
  diagonal[low] -= carried;
  beside[low] = g;
  beside[high] = 0;
}
