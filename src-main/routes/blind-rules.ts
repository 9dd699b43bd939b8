import type { ItemNo, ReaderId } from "../../shared/domain/ids.ts";
import { firstReaderOf, secondReaderOf, type ReadingRules } from "../../shared/domain/plan.ts";
import type { Role } from "../../shared/domain/role.ts";

/** Who looks; null: nobody is signed in. */
export interface Onlooker {
  readonly id: ReaderId;
  readonly role: Role;
}

/** Where an item stands in a plan, and whether the onlooker has given their own verdict on it. */
export interface ReadItem {
  readonly item: ItemNo;
  /** Its place in the random sample, from 0; null: it is not in it. */
  readonly samplePosition: number | null;
  /** Its place among second readings, from 0; null: it is not read twice. */
  readonly secondPosition: number | null;
  /** Whether it is among those that a third person settles: two have judged it on their own by then. */
  readonly isSettled: boolean;
  readonly isJudged: boolean;
}

/**
 * Whether all that others said of an item is left out of what `reader` gets (RX-96): verdicts, comments, regions, findings,
 * entries of the record, and every count made of them. It is so while a plan that is read blind has the item, `reader` may
 * be one of those who read it, and has not given a verdict of their own. A viewer reads nothing, and so sees; nobody is
 * taken for anybody.
 */
export function isHiddenFrom(
  rules: ReadingRules,
  reader: Onlooker | null,
  item: ReadItem,
): boolean {
  const { samplePosition, secondPosition } = item;
  if (rules.blind === "open" || item.isJudged || item.isSettled) return false;
  if (samplePosition === null && secondPosition === null) return false;
  if (reader === null) return true;
  if (reader.role === "viewer") return false;
  const first = samplePosition === null ? null : firstReaderOf(rules, samplePosition);
  if (samplePosition !== null && (first === null || first === reader.id)) return true;
  const maySecond = rules.second.length === 0 || rules.second.includes(reader.id);
  if (secondPosition !== null) {
    const second = secondReaderOf(rules, secondPosition, first);
    return second === null ? maySecond : second === reader.id;
  }
  // What the first reader calls Spurious is read again: by whom is not known before.
  return rules.secondReading?.allSpurious === true && maySecond;
}
