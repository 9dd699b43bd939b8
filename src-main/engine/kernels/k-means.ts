const mostSteps = 50;

export interface Clustering {
  /** Cluster of each row. */
  readonly labels: Int32Array;
  /** How many clusters there are: at most the number of distinct rows. */
  readonly count: number;
  /** Sum of squared distances to the centres after each assignment: never rises. */
  readonly inertias: readonly number[];
}

/**
 * k-means of rows `[R,P]` with nothing random: the first centre is the longest row, each further one the row furthest from
 * those chosen; then Lloyd's steps until no label changes. Ties go to the lowest index; an emptied cluster keeps its centre.
 */
export function kMeans(rows: readonly ArrayLike<number>[], most: number): Clustering {
  const centres = firstCentres(rows, most);
  let labels = new Int32Array(rows.length).fill(-1);
  const inertias: number[] = [];
  for (let step = 0; step < mostSteps; step++) {
    const next = new Int32Array(rows.length);
    let inertia = 0;
    rows.forEach((row, r) => {
      let nearest = Infinity;
      centres.forEach((centre, c) => {
        const distance = squareBetween(row, centre);
        if (distance < nearest) [nearest, next[r]] = [distance, c];
      });
      inertia += nearest;
    });
    inertias.push(inertia);
    if (next.every((label, r) => label === labels[r])) break;
    labels = next;
    moveCentres(rows, labels, centres);
  }
  return { labels, count: centres.length, inertias };
}

function firstCentres(rows: readonly ArrayLike<number>[], most: number): Float64Array[] {
  const origin = new Float64Array(rows[0]?.length ?? 0);
  const centres: Float64Array[] = [];
  let distances = rows.map((row) => squareBetween(row, origin));
  while (centres.length < Math.min(most, rows.length)) {
    const furthest = distances.reduce((best, own, r) => (own > distances[best] ? r : best), 0);
    if (centres.length > 0 && distances[furthest] === 0) break; // no further row is distinct
    const centre = Float64Array.from(rows[furthest]);
    const own = rows.map((row) => squareBetween(row, centre));
    distances = centres.length === 0 ? own : own.map((d, r) => Math.min(d, distances[r]));
    centres.push(centre);
  }
  return centres;
}

function moveCentres(
  rows: readonly ArrayLike<number>[],
  labels: Int32Array,
  centres: Float64Array[],
): void {
  const sizes = new Int32Array(centres.length);
  for (const label of labels) sizes[label]++;
  centres.forEach((centre, c) => sizes[c] > 0 && centre.fill(0));
  rows.forEach((row, r) => {
    const centre = centres[labels[r]];
    for (let p = 0; p < row.length; p++) centre[p] += row[p] / sizes[labels[r]];
  });
}

function squareBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let p = 0; p < a.length; p++) sum += (a[p] - b[p]) ** 2;
  return sum;
}
