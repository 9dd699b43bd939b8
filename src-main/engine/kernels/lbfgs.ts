/** Pairs of steps and gradient changes that the curvature is estimated from. */
const memory = 10;
const mostIterations = 500;

/**
 * The minimum of a smooth convex function by L-BFGS (Nocedal and Wright, algorithm 7.4) with halved steps until the decrease is
 * enough. `evaluate(x, gradient)` returns the value and writes the gradient. Deterministic: sums run in index order. Ends when
 * no gradient entry exceeds `tolerance`, or the value falls by rounding alone.
 */
export function minimise(
  start: Float64Array,
  evaluate: (x: Float64Array, gradient: Float64Array) => number,
  tolerance = 1e-7,
): { readonly x: Float64Array; readonly value: number; readonly iterations: number } {
  let x: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(x.length);
  let value = evaluate(x, gradient);
  const pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[] = [];
  let iterations = 0;
  for (; iterations < mostIterations && largest(gradient) > tolerance; iterations++) {
    const direction = descent(gradient, pairs);
    const slope = dot(gradient, direction);
    let step = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let next: Float64Array = x;
    let nextGradient: Float64Array = gradient;
    let nextValue = Infinity;
    for (let halvings = 0; halvings < 40; halvings++, step /= 2) {
      next = x.map((own, i) => own + step * direction[i]);
      nextGradient = new Float64Array(x.length);
      nextValue = evaluate(next, nextGradient);
      if (nextValue <= value + 1e-4 * step * slope) break;
    }
    if (!(nextValue < value)) break; // what is left is rounding
    const s = next.map((own, i) => own - x[i]);
    const y = nextGradient.map((own, i) => own - gradient[i]);
    const curvature = dot(s, y);
    if (curvature > 1e-12 * Math.sqrt(dot(s, s) * dot(y, y))) {
      pairs.push({ s, y, rho: 1 / curvature });
      if (pairs.length > memory) pairs.shift();
    }
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return { x, value, iterations };
}

/** `−H g` by the two loops over remembered pairs. */
function descent(
  gradient: Float64Array,
  pairs: readonly { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    addScaled(q, y, -alpha);
  }
  const newest = pairs.at(-1);
  if (newest) {
    const scale = 1 / (newest.rho * dot(newest.y, newest.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  for (const { s, y, rho } of pairs) {
    const alpha = alphas.pop() ?? 0;
    addScaled(q, s, alpha - rho * dot(y, q));
  }
  return q;
}

function addScaled(to: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * values[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
