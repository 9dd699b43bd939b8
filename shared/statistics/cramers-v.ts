/**
 * Cramér's V of two named properties: √(χ² / (n · (min(rows, columns) − 1))), in [0, 1]; 0 = independent, 1 = one tells the
 * other. Not bias-corrected. NaN when either property has fewer than two values. `rows` and `columns` run in step.
 */
export function cramersV(rows: readonly string[], columns: readonly string[]): number {
  const rowCounts = new Map<string, number>();
  const columnCounts = new Map<string, number>();
  const cells = new Map<string, Map<string, number>>();
  const n = Math.min(rows.length, columns.length);
  rows.slice(0, n).forEach((row, index) => {
    const column = columns[index] ?? "";
    rowCounts.set(row, (rowCounts.get(row) ?? 0) + 1);
    columnCounts.set(column, (columnCounts.get(column) ?? 0) + 1);
    const cellsOfRow = cells.get(row) ?? new Map<string, number>();
    cells.set(row, cellsOfRow.set(column, (cellsOfRow.get(column) ?? 0) + 1));
  });
  const least = Math.min(rowCounts.size, columnCounts.size) - 1;
  if (least < 1) return NaN;
  let chiSquared = 0;
  for (const [row, inRow] of rowCounts) {
    for (const [column, inColumn] of columnCounts) {
      const expected = (inRow * inColumn) / n;
      chiSquared += ((cells.get(row)?.get(column) ?? 0) - expected) ** 2 / expected;
    }
  }
  return Math.min(1, Math.sqrt(chiSquared / (n * least)));
}
