/**
 * The squares of a quadrant, filled ones first: one per `unit` items, at least one where there are any, so that no count
 * is drawn as nothing.
 */
export function squaresOf(
  judged: number,
  predicted: number,
  unit: number,
): ("filled" | "hatched")[] {
  const filled = Array.from({ length: Math.ceil(judged / unit) }, () => "filled" as const);
  const hatched = Array.from({ length: Math.ceil(predicted / unit) }, () => "hatched" as const);
  return [...filled, ...hatched];
}
