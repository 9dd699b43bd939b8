import type { Item } from "../../shared/domain/item.ts";
import type { ItemNo } from "../../shared/domain/ids.ts";

/** Which item of ours each of the other copy's is, and those that are none of ours. */
export interface MatchedItems {
  /** By the other's number. */
  readonly ours: ReadonlyMap<ItemNo, ItemNo>;
  readonly unmatched: readonly Item[];
}

/**
 * Items are known by content and place: equal (hash, path, frame); else an equal (hash, frame) that is the only one on both
 * sides. Where a side has not hashed a file yet, its place and size stand for its content: both lists began as one.
 */
export function matchItems(ours: Iterable<Item>, theirs: Iterable<Item>): MatchedItems {
  const own = [...ours];
  const other = [...theirs];
  const places = new Map(own.map((item) => [placeOf(item), item]));
  const ownContents = Map.groupBy(own, contentOf);
  const otherContents = Map.groupBy(other, contentOf);
  const taken = new Set<ItemNo>();
  const matched = new Map<ItemNo, ItemNo>();
  const pair = (theirNo: ItemNo, found: Item | undefined) => {
    if (!found || taken.has(found.no)) return;
    taken.add(found.no);
    matched.set(theirNo, found.no);
  };
  for (const item of other) {
    const found = places.get(placeOf(item));
    if (found && isSameContent(found, item)) pair(item.no, found);
  }
  for (const item of other) {
    if (item.sha256 === null || matched.has(item.no)) continue;
    const [found, ...more] = ownContents.get(contentOf(item)) ?? [];
    const isAlone = otherContents.get(contentOf(item))?.length === 1 && more.length === 0;
    if (isAlone) pair(item.no, found);
  }
  return { ours: matched, unmatched: other.filter(({ no }) => !matched.has(no)) };
}

function placeOf({ path, frame }: Item): string {
  return `${frame ?? 0}/${path}`;
}

function contentOf({ sha256, frame }: Item): string {
  return `${frame ?? 0}/${sha256 ?? ""}`;
}

function isSameContent(a: Item, b: Item): boolean {
  return a.sha256 !== null && b.sha256 !== null ? a.sha256 === b.sha256 : a.bytes === b.bytes;
}
