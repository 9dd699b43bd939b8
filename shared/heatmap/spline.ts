/** The curve through evenly spaced values at a position 0 … length − 1, its slopes those between neighbours (Catmull–Rom). */
export function catmullRom(values: readonly number[], position: number): number {
  const last = values.length - 1;
  const i = Math.min(last - 1, Math.max(0, Math.floor(position)));
  const t = position - i;
  const [p1, p2] = [values[i], values[i + 1]];
  const p0 = i > 0 ? values[i - 1] : 2 * p1 - p2;
  const p3 = i + 2 <= last ? values[i + 2] : 2 * p2 - p1;
  return (
    p1 + (t / 2) * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
  );
}
