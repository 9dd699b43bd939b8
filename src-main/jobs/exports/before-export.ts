import type { ItemNo } from "../../../shared/domain/ids.ts";
import { fail } from "../../../shared/errors/app-error.ts";
import type { OpenedAudit } from "../opened-audit.ts";

/**
 * Asked with every item that is to leave, before a job exists and anything is written: what must not leave is refused here,
 * by `fail`. An item that was never listed is one of them; so is a picture that may show a name and that nobody masked,
 * confirmed or left out. Returns what may leave: all but what was left out.
 */
export function beforeExport({ store }: OpenedAudit, items: readonly ItemNo[]): ItemNo[] {
  for (const no of items) store.item(no);
  const states = store.identityStates();
  const inState = (state: string) => items.filter((no) => states.get(no) === state);
  const [yes, unknown] = [inState("yes").length, inState("unknown").length];
  if (yes + unknown > 0) fail("identity/unanswered", { pictures: yes + unknown, yes, unknown });
  return items.filter((no) => states.get(no) !== "left-out");
}
