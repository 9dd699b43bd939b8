/** A patient, site or source met in more than one split; members are indexes of the items as given. */
export interface LeakedGroup {
  readonly group: string;
  /** In the order met. */
  readonly splits: readonly string[];
  readonly members: readonly number[];
}

/** Groups with items in two and more splits, most items first. Items without a group or a split say nothing and are left out. */
export function groupLeakage(
  items: readonly { readonly group: string | null; readonly split: string | null }[],
): readonly LeakedGroup[] {
  const groups = new Map<string, { splits: Set<string>; members: number[] }>();
  items.forEach(({ group, split }, index) => {
    if (group === null || split === null) return;
    const met = groups.get(group) ?? { splits: new Set<string>(), members: [] };
    met.splits.add(split);
    met.members.push(index);
    groups.set(group, met);
  });
  return [...groups]
    .filter(([, met]) => met.splits.size > 1)
    .map(([group, met]) => ({ group, splits: [...met.splits], members: met.members }))
    .sort((a, b) => b.members.length - a.members.length);
}
