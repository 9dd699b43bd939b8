/** IRN's numbers: pairs within this many cells, affinities to this power, 2⁸ steps. */
export const walkDefaults = { radius: 5, power: 10, steps: 256 } as const;

interface WalkSettings {
  readonly radius: number;
  readonly power: number;
  readonly steps: number;
}

/** The cells a cell is joined with: the same offsets for all, and each one's strength per cell. */
export interface Transitions {
  readonly h: number;
  readonly w: number;
  readonly offsets: readonly (readonly [dx: number, dy: number])[];
  /** Per offset `[h,w]`: `T_ij` from the cell at the offset (i) to this one (j); 0 outside. */
  readonly shares: readonly Float64Array[];
}

/**
 * Where activation goes on a grid with boundaries `b [h,w]`, 0..1 (IRN, Ahn et al. 2019, https://arxiv.org/abs/1904.05044):
 *
 *   a_ij = 1 − max of b along the straight path from i to j,  a_ii = 1;   within the radius
 *   T_ij = a_ij^β / Σ_i a_ij^β        columns sum to 1: a constant map stays constant
 */
export function transitionsOf(
  boundary: Float32Array,
  h: number,
  w: number,
  { radius, power }: WalkSettings = walkDefaults,
): Transitions {
  const offsets = offsetsWithin(radius);
  const shares = offsets.map(() => new Float64Array(h * w));
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      const affinities = offsets.map(([dx, dy]) => {
        const isOutside = x + dx < 0 || y + dy < 0 || x + dx >= w || y + dy >= h;
        const affinity = isOutside
          ? 0
          : dx === 0 && dy === 0
            ? 1
            : (1 - strongestBetween(boundary, w, [x, y], [x + dx, y + dy])) ** power;
        sum += affinity;
        return affinity;
      });
      affinities.forEach((affinity, o) => (shares[o][y * w + x] = affinity / sum));
    }
  return { h, w, offsets, shares };
}

/** `M T^t` of one map, step by step: what squaring T log₂ t times gives, without the matrix. */
export function walk(
  map: ArrayLike<number>,
  { h, w, offsets, shares }: Transitions,
  steps: number = walkDefaults.steps,
): Float64Array {
  let now = Float64Array.from(map);
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(h * w);
    offsets.forEach(([dx, dy], o) => {
      const own = shares[o];
      const [fromX, toX] = [Math.max(0, -dx), Math.min(w, w - dx)];
      for (let y = Math.max(0, -dy); y < Math.min(h, h - dy); y++)
        for (let x = fromX; x < toX; x++) {
          const j = y * w + x;
          next[j] += own[j] * now[j + dy * w + dx];
        }
    });
    now = next;
  }
  return now;
}

/** Maps without their boundary cells, walked: `M̃ = (M ⊙ (1 − b)) T^t`, divided by the largest value of all classes. */
export function walkMaps(
  maps: readonly Float32Array[],
  boundary: Float32Array,
  transitions: Transitions,
  steps?: number,
): Float32Array[] {
  const walked = maps.map((map) =>
    walk(
      map.map((value, p) => value * (1 - boundary[p])),
      transitions,
      steps,
    ),
  );
  let most = 0;
  for (const map of walked) for (const value of map) most = Math.max(most, value);
  return walked.map((map) => Float32Array.from(map, (value) => (most > 0 ? value / most : 0)));
}

/**
 * Boundaries where none were learnt (ours): the length of the colour gradient, central differences, of the channel that changes
 * most, over its largest value. `rgb [h,w,3]`.
 */
export function colourBoundaries(rgb: Uint8Array, h: number, w: number): Float32Array {
  const strength = new Float32Array(h * w);
  let most = 0;
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let own = 0;
      for (let c = 0; c < 3; c++) {
        const at = (px: number, py: number) =>
          rgb[3 * (Math.min(h - 1, Math.max(0, py)) * w + Math.min(w - 1, Math.max(0, px))) + c];
        const across = (at(x + 1, y) - at(x - 1, y)) / 2;
        const down = (at(x, y + 1) - at(x, y - 1)) / 2;
        own = Math.max(own, Math.hypot(across, down));
      }
      strength[y * w + x] = own;
      most = Math.max(most, own);
    }
  return most > 0 ? strength.map((value) => value / most) : strength;
}

function offsetsWithin(radius: number): (readonly [number, number])[] {
  const offsets: (readonly [number, number])[] = [];
  for (let dy = -radius; dy <= radius; dy++)
    for (let dx = -radius; dx <= radius; dx++)
      if (dx * dx + dy * dy <= radius ** 2) offsets.push([dx, dy]);
  return offsets;
}

/** The largest boundary on the cells of the straight line between two cells, both ends among them. */
function strongestBetween(
  boundary: Float32Array,
  w: number,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): number {
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
  let most = 0;
  for (let s = 0; s <= steps; s++) {
    const x = Math.round(x0 + ((x1 - x0) * s) / steps);
    const y = Math.round(y0 + ((y1 - y0) * s) / steps);
    most = Math.max(most, boundary[y * w + x]);
  }
  return most;
}
