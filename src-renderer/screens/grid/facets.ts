import type { ColumnFacts } from "../../query/messages.ts";

/** Facets in the order of the panel; columns of the label file come after these, "more numbers" last. */
const first = [
  "correct",
  "quadrant",
  "label",
  "predicted",
  "verdict",
  "reason",
  "suspicion",
  "attention",
  "inside_energy",
  "border_share",
  "corner_share",
  "text_overlap",
  "confidence",
  "entropy",
  "raw_max",
  "agreement",
  "stability",
  "flags",
  "fault",
  "finding",
  "consensus",
  "queue",
  "split",
  "group",
] as const;

const numbers = [
  "evidence_area",
  "pointing_hit",
  "iou_top20",
  "focus",
  "border",
  "corner",
  "text",
  "necessity",
  "s1",
  "s2",
  "s3",
  "s4",
  "width",
  "height",
  "bytes",
] as const;

/** Open until a person folds them; all others are folded until opened. */
const openAtFirst: ReadonlySet<string> = new Set([
  "correct",
  "label",
  "verdict",
  "suspicion",
  "inside_energy",
  "border_share",
]);

export interface FacetList {
  readonly main: readonly ColumnFacts[];
  readonly more: readonly ColumnFacts[];
}

/** The facets that can tell items apart: words that occur, numbers that some item has. */
export function facetList(
  facts: ReadonlyMap<string, ColumnFacts>,
  hidden: ReadonlySet<string>,
): FacetList {
  const usable = (one: ColumnFacts | undefined) =>
    one !== undefined &&
    (one.kind === "range" ? one.known > 0 : distinct(one) > 1 || one.id === "verdict");
  const pick = (ids: readonly string[]) => ids.flatMap((id) => facts.get(id) ?? []).filter(usable);
  const named = new Set<string>([...first, ...numbers]);
  const own = [...facts.keys()].filter((id) => !named.has(id) && !hidden.has(id));
  const main = pick(first);
  const late = main.findIndex((one) => one.id === "flags");
  const at = late < 0 ? main.length : late;
  return {
    main: [...main.slice(0, at), ...pick(own), ...main.slice(at)],
    more: pick(numbers),
  };
}

function distinct(facts: ColumnFacts): number {
  return facts.all.reduce((n, count) => n + (count > 0 ? 1 : 0), 0);
}

export function isOpenAtFirst(id: string): boolean {
  return openAtFirst.has(id);
}

/** Columns a list can be sorted by, in the order of the menu. */
export function sortColumns(
  facts: ReadonlyMap<string, ColumnFacts>,
  hidden: ReadonlySet<string>,
): readonly string[] {
  const { main, more } = facetList(facts, hidden);
  const ids = [...main, ...more].map((one) => one.id);
  const numbersFirst = ids.filter((id) => facts.get(id)?.kind === "range");
  const others = ids.filter((id) => facts.get(id)?.kind === "choice");
  return [...numbersFirst, ...others];
}

/** The first and last bin of a histogram that a range covers wholly or in part. */
export function binsOf(
  facts: ColumnFacts,
  min: number,
  max: number,
  bins: number,
): [number, number] {
  const span = facts.high - facts.low || 1;
  const from = Math.floor(((min - facts.low) / span) * bins + 1e-6);
  const to = Math.ceil(((max - facts.low) / span) * bins - 1e-6) - 1;
  return [Math.max(0, from), Math.min(bins - 1, Math.max(from, to))];
}
