import type { ItemNo, MeetingId, ReaderId, RunId } from "./ids.ts";
import type { Reason, Verdict } from "./review.ts";

/** A sitting in which people look at items together (review-experience 6.13). */
export interface Meeting {
  readonly id: MeetingId;
  /** Names as they were said at the start; they need not be readers of the audit. */
  readonly present: readonly string[];
  /** Who drove it. */
  readonly presenter: ReaderId | null;
  readonly at: string;
  readonly recordNo: number;
}

/**
 * What a meeting agreed on about one item: a reading of its own beside those of the readers, which it never replaces. It
 * joins no rate.
 */
export interface Consensus {
  readonly item: ItemNo;
  readonly meeting: MeetingId;
  readonly run: RunId | null;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** How many of those present did not agree. */
  readonly dissent: number;
  /** What was said. */
  readonly note: string;
  readonly at: string;
  readonly recordNo: number;
}
