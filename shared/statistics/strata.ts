/** An item that can be drawn, with what it is grouped by. */
export interface SamplingItem {
  readonly id: string;
  /** From the coarsest to the finest, such as class, right or wrong, source; as many for every item. */
  readonly keys: readonly string[];
}

/** Items drawn from together. */
export interface SamplingStratum {
  /** The distinct key lists in it, sorted; more than one where small strata were merged. */
  readonly cells: readonly (readonly string[])[];
  /** Ids, sorted by code unit. */
  readonly members: readonly string[];
}

interface Part {
  readonly cells: readonly (readonly string[])[];
  readonly items: readonly SamplingItem[];
}

/** The keys of 7.1: class × predicted right or wrong × source; empty where one isn't known. */
export function auditKeys(item: {
  readonly class: string | null;
  readonly isRight: boolean | null;
  readonly source: string | null;
}): string[] {
  const outcome = item.isRight === null ? "" : item.isRight ? "right" : "wrong";
  return [item.class ?? "", outcome, item.source ?? ""];
}

/**
 * Strata of at least `minimum` members (7.1: 20). Small ones are merged nearest first: those that share all keys but the last
 * join in the order of their keys until they are enough, then all but the last two, and so on; what is still too small joins
 * the smallest stratum beside it. What comes first in the keys is kept apart longest. One stratum smaller than the minimum is
 * left only where the whole population is. The order of the items makes no difference.
 */
export function strata(items: readonly SamplingItem[], minimum = 20): SamplingStratum[] {
  const sorted = items.toSorted((a, b) => compare(a.id, b.id));
  const depth = Math.max(0, ...sorted.map(({ keys }) => keys.length));
  const parts = sorted.length === 0 ? [] : split(sorted, 0, depth, minimum);
  return parts.map(({ cells, items: members }) => ({
    cells,
    members: members.map(({ id }) => id),
  }));
}

/** Parts of items alike in their first `level` keys: all large enough, or the one that holds them all. */
function split(
  items: readonly SamplingItem[],
  level: number,
  depth: number,
  minimum: number,
): Part[] {
  if (level === depth) return [{ cells: [items[0].keys], items }];
  const groups = new Map<string, SamplingItem[]>();
  for (const item of items) {
    const key = item.keys[level] ?? "";
    const own = groups.get(key);
    if (own) own.push(item);
    else groups.set(key, [item]);
  }
  const parts = [...groups]
    .toSorted(([a], [b]) => compare(a, b))
    .flatMap(([, members]) => split(members, level + 1, depth, minimum));
  const large = parts.filter((part) => part.items.length >= minimum);
  let rest: Part[] = [];
  for (const part of parts.filter(({ items: members }) => members.length < minimum)) {
    rest.push(part);
    if (rest.reduce((sum, { items: own }) => sum + own.length, 0) < minimum) continue;
    large.push(merged(rest));
    rest = [];
  }
  if (rest.length === 0) return large;
  if (large.length === 0) return [merged(rest)];
  const nearest = large.reduce((a, b) => (b.items.length < a.items.length ? b : a));
  return large.map((part) => (part === nearest ? merged([part, ...rest]) : part));
}

function merged(parts: readonly Part[]): Part {
  return {
    cells: parts
      .flatMap(({ cells }) => cells)
      .toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
    items: parts.flatMap(({ items }) => items).toSorted((a, b) => compare(a.id, b.id)),
  };
}

/** By code unit, the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
