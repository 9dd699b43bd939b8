import type { RecordFilter } from "../../../shared/contract/record.ts";
import type { ReaderId } from "../../../shared/domain/ids.ts";

/** The filter as the address holds it: words, empty where it does not matter. */
export interface FilterWords {
  readonly person: string;
  readonly kind: string;
  readonly item: string;
  /** Days as the date fields have them, "2026-03-03"; both included. */
  readonly from: string;
  readonly to: string;
}

export const noFilter: FilterWords = { person: "", kind: "", item: "", from: "", to: "" };

/** The contract's filter; a day begins and ends by this computer's clock. */
export function filterOf({ person, kind, item, from, to }: FilterWords): RecordFilter {
  const day = (text: string, plus: number) => {
    const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
    if (year === undefined) return null;
    return new Date(Number(year), Number(month) - 1, Number(date) + plus).toISOString();
  };
  return {
    person: person === "" ? null : (person as ReaderId | "audit"), // one of the list's values
    action: kind || null,
    item: /^\d+$/.test(item) ? Number(item) : null,
    from: day(from, 0),
    to: day(to, 1),
  };
}
