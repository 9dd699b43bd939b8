/**
 * What readers said: per item one entry a reader, in the same order for every item. A verdict is its category's index, 0 and
 * up; null where that reader gave none.
 */
export type Ratings = readonly (readonly (number | null)[])[];

/** How often each category was given, per item: `[items][categories]`. */
export type CategoryCounts = readonly (readonly number[])[];

/** Verdicts of one reader by those of another: `[first][second]`. */
export type PairTable = readonly (readonly number[])[];

/** Counts per item, of the items with at least two verdicts: the others tell nothing of agreement. */
export function categoryCounts(ratings: Ratings, categories: number): number[][] {
  const rows: number[][] = [];
  for (const item of ratings) {
    const row = new Array<number>(categories).fill(0);
    let given = 0;
    for (const verdict of item) {
      if (verdict === null) continue;
      row[verdict] += 1;
      given += 1;
    }
    if (given >= 2) rows.push(row);
  }
  return rows;
}

/** Table of two readers, of the items that both have read. */
export function pairTable(
  ratings: Ratings,
  readers: readonly [number, number],
  categories: number,
): number[][] {
  const table = Array.from({ length: categories }, () => new Array<number>(categories).fill(0));
  for (const item of ratings) {
    const [a, b] = [item[readers[0]] ?? null, item[readers[1]] ?? null];
    if (a !== null && b !== null) table[a][b] += 1;
  }
  return table;
}

/** Counts per item of a table of two readers. */
export function tableCounts(table: PairTable): number[][] {
  return table.flatMap((row, i) =>
    row.flatMap((count, j) =>
      Array.from({ length: count }, () =>
        table.map((_, category) => Number(category === i) + Number(category === j)),
      ),
    ),
  );
}

/** Share of the pairs of verdicts on one item that agree, mean over items; `p_o` of two readers. NaN of no item. */
export function rawAgreement(counts: CategoryCounts): number {
  let sum = 0;
  for (const row of counts) {
    const m = row.reduce((a, b) => a + b, 0);
    sum += row.reduce((pairs, n) => pairs + n * (n - 1), 0) / (m * (m - 1));
  }
  return sum / counts.length;
}

/** Share of each category, mean over items of its share in the item: Gwet's π. NaN of no item. */
export function prevalence(counts: CategoryCounts): number[] {
  const categories = counts[0]?.length ?? 0;
  return Array.from({ length: categories }, (_, j) => {
    let sum = 0;
    for (const row of counts) sum += row[j] / row.reduce((a, b) => a + b, 0);
    return sum / counts.length;
  });
}

/** Whether more than one category was given. */
export function hasVariation(counts: CategoryCounts): boolean {
  const used = new Set<number>();
  for (const row of counts)
    row.forEach((n, j) => {
      if (n > 0) used.add(j);
    });
  return used.size > 1;
}
