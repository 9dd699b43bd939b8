import { beyondChance, type Coefficient } from "./coefficient.ts";
import type { PairTable } from "./ratings.ts";

/** Cohen's κ (1960) of two readers: `(p_o − p_e) / (1 − p_e)`, `p_e = Σ p_i· p_·i`. */
export function cohenKappa(table: PairTable): Coefficient {
  const margins = marginsOf(table);
  if (!("n" in margins)) return margins;
  const { rows, columns, n } = margins;
  const observed = table.reduce((sum, row, i) => sum + row[i], 0) / n;
  const expected = rows.reduce((sum, row, i) => sum + row * columns[i], 0) / (n * n);
  return beyondChance(observed, expected);
}

/**
 * Cohen's κ weighted by the squared distance of ordered categories (1968): `1 − Σ w_ij p_ij / Σ w_ij p_i· p_·j` with
 * `w_ij = (i − j)² / (C − 1)²`; of two categories it is plain κ.
 */
export function weightedKappa(table: PairTable): Coefficient {
  const margins = marginsOf(table);
  if (!("n" in margins)) return margins;
  const { rows, columns, n } = margins;
  let observed = 0;
  let expected = 0;
  table.forEach((row, i) =>
    row.forEach((count, j) => {
      // The weights' common divisor (C − 1)² cancels.
      observed += ((i - j) ** 2 * count) / n;
      expected += ((i - j) ** 2 * rows[i] * columns[j]) / (n * n);
    }),
  );
  return { kind: "value", value: 1 - observed / expected };
}

interface Margins {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly n: number;
}

function marginsOf(table: PairTable): Margins | Coefficient {
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table.map((_, j) => table.reduce((sum, row) => sum + row[j], 0));
  const n = rows.reduce((sum, count) => sum + count, 0);
  if (n === 0) return { kind: "nothing-shared" };
  if (rows.some((count, i) => count === n && columns[i] === n)) return { kind: "no-variation" };
  return { rows, columns, n };
}
