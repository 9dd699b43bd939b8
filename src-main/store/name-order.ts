import type { Connection } from "./connection.ts";

/** Rank of each item by path and frame, ignoring case; digits count as numbers, so that 2.png comes before 10.png. */
export function nameOrder(connection: Connection, length: number): Float32Array<ArrayBuffer> {
  const keyed = connection
    .tuples<[number, string, number]>("SELECT no, path, frame FROM item")
    .map(([no, path, frame]) => ({
      no,
      frame,
      key: path.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0")),
    }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.frame - b.frame || a.no - b.no));
  const ranks = new Float32Array(length).fill(NaN);
  keyed.forEach(({ no }, rank) => (ranks[no] = rank));
  return ranks;
}
