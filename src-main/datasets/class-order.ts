import { message } from "../../shared/messages/catalogue.ts";

/** One labelled image as the model answered it. */
export interface Outcome {
  /** The output with the highest score. */
  readonly predicted: number;
  readonly label: string;
}

export interface BetterOrder {
  readonly names: readonly string[];
  /** What the order is, in words. */
  readonly words: string;
  readonly right: number;
  readonly n: number;
}

/** By how many hundredths another order must be better before it is named. */
const lead = 0.1;

/**
 * Another order of the class names under which the model would be right far more often, or null. Orders that people
 * produce by accident are tried first (sorted, sorted by number, reversed, shifted by one), then every swap that the
 * answers themselves suggest.
 */
export function findBetterOrder(
  names: readonly string[],
  outcomes: readonly Outcome[],
): BetterOrder | null {
  const n = outcomes.length;
  if (n === 0) return null;
  const rightBy = (order: readonly string[]) =>
    outcomes.filter(({ predicted, label }) => order[predicted] === label).length;
  const tried = accidents(names).map(({ key, order }) => ({ key, order, right: rightBy(order) }));
  const [best] = tried.toSorted((a, b) => b.right - a.right);
  const suggested = suggestedOrder(names, outcomes);
  const suggestedRight = rightBy(suggested);
  const least = rightBy(names) + lead * n;
  // A known accident explains more than a free permutation, which always fits a little better.
  if (best && best.right >= least && best.right >= suggestedRight - lead * n) {
    return {
      names: best.order,
      words: message(`intake.note.order-${best.key}`),
      right: best.right,
      n,
    };
  }
  if (suggestedRight < least || n < 2 * names.length) return null;
  const moved = suggested.flatMap((name, no) => (name === names[no] ? [] : [`${no} = ${name}`]));
  const list = moved.slice(0, 6).join(", ") + (moved.length > 6 ? ", …" : "");
  const words = message("intake.note.order-suggested", { list });
  return { names: suggested, words, right: suggestedRight, n };
}

const byNumber = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function accidents(names: readonly string[]) {
  const sorted = names.toSorted();
  const orders = [
    { key: "sorted", order: sorted },
    {
      key: "sorted-loosely",
      order: names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    },
    { key: "sorted-by-number", order: names.toSorted((a, b) => byNumber.compare(a, b)) },
    { key: "reversed", order: names.toReversed() },
    { key: "shifted-down", order: [...names.slice(1), names[0] ?? ""] },
    { key: "shifted-up", order: [names.at(-1) ?? "", ...names.slice(0, -1)] },
  ] as const;
  return orders.filter(({ order }) => order.some((name, no) => name !== names[no]));
}

/** Each output named after the label it answers most often, the surest outputs first; names left over fill the rest. */
function suggestedOrder(names: readonly string[], outcomes: readonly Outcome[]): string[] {
  const counts = new Map<string, { output: number; label: string; count: number }>();
  for (const { predicted, label } of outcomes) {
    const key = `${predicted}/${label}`;
    const before = counts.get(key)?.count ?? 0;
    counts.set(key, { output: predicted, label, count: before + 1 });
  }
  const order = new Array<string | undefined>(names.length).fill(undefined);
  const free = new Set(names);
  for (const { output, label } of [...counts.values()].sort((a, b) => b.count - a.count)) {
    if (order[output] === undefined && output < names.length && free.delete(label))
      order[output] = label;
  }
  // An output that was never answered keeps its name where that is still free.
  for (const [no, name] of names.entries())
    if (order[no] === undefined && free.delete(name)) order[no] = name;
  const rest = [...free];
  return order.map((name) => name ?? rest.shift() ?? "");
}
