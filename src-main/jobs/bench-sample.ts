import { shuffled } from "../../shared/statistics/sample.ts";

/**
 * Draws `size` of the items by the seed, stratified: each stratum gives its share, at least one where there is room; what
 * rounding leaves goes to the largest remainders. In the order of the items.
 */
export function drawStratified<T>(
  items: readonly T[],
  stratumOf: (item: T) => string,
  { size, seed }: { readonly size: number; readonly seed: number },
): readonly T[] {
  if (size >= items.length) return items;
  const strata = new Map<string, T[]>();
  for (const i of shuffled(items.length, seed)) {
    const key = stratumOf(items[i]);
    strata.set(key, [...(strata.get(key) ?? []), items[i]]);
  }
  const shares = [...strata.values()].map((members) => {
    const exact = (size * members.length) / items.length;
    return { members, exact, taken: Math.max(1, Math.floor(exact)) };
  });
  const order = shares.toSorted((a, b) => b.exact - b.taken - (a.exact - a.taken));
  let taken = shares.reduce((sum, share) => sum + share.taken, 0);
  // More strata than places: the smallest give way.
  for (const share of shares.toSorted((a, b) => a.exact - b.exact)) {
    if (taken <= size) break;
    taken -= 1;
    share.taken -= 1;
  }
  for (let at = 0; taken < size; at = (at + 1) % order.length) {
    const share = order[at];
    if (share.taken >= share.members.length) continue;
    share.taken += 1;
    taken += 1;
  }
  const drawn = new Set(shares.flatMap((share) => share.members.slice(0, share.taken)));
  return items.filter((item) => drawn.has(item));
}
