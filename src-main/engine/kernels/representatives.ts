const mostSteps = 50;
/** Cosines that differ by less are alike: rounding must not choose (two members are always as near to their mean). */
const tolerance = 1e-6;

/** One class that stands for a cluster of them. */
export interface Representative {
  readonly index: number;
  /** Classes of its cluster. */
  readonly size: number;
}

/**
 * Classes that stand for the rivals of `target`, at most `most`, near ones and far ones: the rows `[C,D]` of a classifier, centred
 * (a vector common to all rows changes no softmax) and of length 1, in clusters by spherical k-means without chance. The first
 * centre is the class most like the target, each further one the class at the largest angle to the nearest of those; a cluster
 * is represented by its member most like its centre. Ties go to the lowest class; rows equal to the target's are left out.
 */
export function representativesOf(
  rows: ArrayLike<number>,
  classes: number,
  target: number,
  most: number,
): Representative[] {
  const d = rows.length / classes;
  const units = unitRows(rows, classes, d);
  const rivals = [...Array(classes).keys()].filter(
    (c) => c !== target && !isSameRow(rows, d, c, target),
  );
  const centres = firstCentres(units, d, rivals, target, most);
  let labels = new Int32Array(rivals.length).fill(-1);
  for (let step = 0; step < mostSteps; step++) {
    const next = Int32Array.from(rivals, (c) =>
      nearestTo(units.subarray(c * d, c * d + d), centres),
    );
    if (next.every((label, i) => label === labels[i])) break;
    labels = next;
    moveCentres(units, d, rivals, labels, centres);
  }
  return centres.flatMap((centre, cluster) => {
    const members = rivals.filter((_, i) => labels[i] === cluster);
    const likeness = (c: number) => dotOf(units.subarray(c * d, c * d + d), centre);
    const [first] = members;
    if (first === undefined) return [];
    const index = members.reduce(
      (best, c) => (likeness(c) > likeness(best) + tolerance ? c : best),
      first,
    );
    return [{ index, size: members.length }];
  });
}

function unitRows(rows: ArrayLike<number>, classes: number, d: number): Float64Array {
  const units = new Float64Array(classes * d);
  for (let i = 0; i < d; i++) {
    let mean = 0;
    for (let c = 0; c < classes; c++) mean += rows[c * d + i] / classes;
    for (let c = 0; c < classes; c++) units[c * d + i] = rows[c * d + i] - mean;
  }
  for (let c = 0; c < classes; c++) scaleToOne(units.subarray(c * d, c * d + d));
  return units;
}

function firstCentres(
  units: Float64Array,
  d: number,
  rivals: readonly number[],
  target: number,
  most: number,
): Float64Array[] {
  const rowOf = (c: number) => units.subarray(c * d, c * d + d);
  const centres: Float64Array[] = [];
  // Cosine to the nearest chosen centre; before there is one, what makes the most similar class the first.
  let closeness = rivals.map((c) => -dotOf(rowOf(c), rowOf(target)));
  while (centres.length < Math.min(most, rivals.length)) {
    const furthest = closeness.reduce(
      (best, own, i) => (own < closeness[best] - tolerance ? i : best),
      0,
    );
    const centre = Float64Array.from(rowOf(rivals[furthest]));
    const own = rivals.map((c) => dotOf(rowOf(c), centre));
    closeness = centres.length === 0 ? own : own.map((near, i) => Math.max(near, closeness[i]));
    // A class that is itself a centre is never chosen again, however short its row.
    closeness[furthest] = Infinity;
    centres.push(centre);
  }
  return centres;
}

function moveCentres(
  units: Float64Array,
  d: number,
  rivals: readonly number[],
  labels: Int32Array,
  centres: readonly Float64Array[],
): void {
  const isLeft = centres.map((_, cluster) => labels.includes(cluster));
  centres.forEach((centre, cluster) => isLeft[cluster] && centre.fill(0));
  rivals.forEach((c, i) => {
    const centre = centres[labels[i]];
    for (let at = 0; at < d; at++) centre[at] += units[c * d + at];
  });
  centres.forEach(scaleToOne);
}

function nearestTo(row: Float64Array, centres: readonly Float64Array[]): number {
  let nearest = 0;
  let most = -Infinity;
  centres.forEach((centre, cluster) => {
    const likeness = dotOf(row, centre);
    if (likeness > most + tolerance) [most, nearest] = [likeness, cluster];
  });
  return nearest;
}

function isSameRow(rows: ArrayLike<number>, d: number, a: number, b: number): boolean {
  for (let i = 0; i < d; i++) if (rows[a * d + i] !== rows[b * d + i]) return false;
  return true;
}

function scaleToOne(row: Float64Array): void {
  const length = Math.sqrt(dotOf(row, row));
  if (length > 1e-12) for (let i = 0; i < row.length; i++) row[i] /= length;
}

function dotOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
