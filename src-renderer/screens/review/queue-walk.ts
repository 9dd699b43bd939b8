import type { ItemNo } from "../../../shared/domain/ids.ts";
import { verdicts, type Verdict } from "../../../shared/domain/review.ts";

/**
 * Walking a queue: where one is, what comes next, what is still to read. Pure. A mark is 0 for no verdict, else the
 * number of the verdict in `verdicts`, from 1: a queue may be as long as the Grid.
 */
export type Marks = Uint8Array;

export function markOf(verdict: Verdict | null): number {
  return verdict === null ? 0 : verdicts.indexOf(verdict) + 1;
}

/** The next place without a verdict in a direction, going round at the end; −1 when all have one. */
export function nextOpen(marks: Marks, at: number, step: 1 | -1): number {
  for (let by = 1; by <= marks.length; by++) {
    const place = (((at + step * by) % marks.length) + marks.length) % marks.length;
    if (marks[place] === 0) return place;
  }
  return -1;
}

/** Where a verdict leads: the next place; after the last the first that was passed over; −1 when all are read. */
export function afterVerdict(marks: Marks, at: number): number {
  if (at + 1 < marks.length) return at + 1;
  return marks.findIndex((mark, place) => mark === 0 && place !== at);
}

/** How many have a verdict. */
export function readCount(marks: Marks): number {
  return marks.reduce((n, mark) => n + (mark === 0 ? 0 : 1), 0);
}

/** The item a queue opens on: the first that is not read, else the first. */
export function openingAt(marks: Marks): number {
  return Math.max(0, marks.indexOf(0));
}

/** The part of a queue that a strip of `width` places shows, the current one in its middle where it can be. */
export function stripAround(
  length: number,
  at: number,
  width: number,
): { from: number; to: number } {
  const from = Math.max(0, Math.min(length - width, at - Math.floor(width / 2)));
  return { from, to: Math.min(length, from + width) };
}

/** Items to have ready: three ahead, one behind. */
export function readyAround(items: ArrayLike<ItemNo>, at: number, ahead = 3): ItemNo[] {
  const next = Array.from({ length: ahead }, (_, k) => at + 1 + k);
  return [...next, at - 1]
    .filter((place) => place >= 0 && place < items.length)
    .map((place) => items[place]);
}
