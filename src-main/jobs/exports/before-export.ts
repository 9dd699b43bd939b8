import type { ItemNo } from "../../../shared/domain/ids.ts";
import type { OpenedAudit } from "../opened-audit.ts";

/**
 * Asked with every item that is to leave, before a job exists and anything is written: what must not leave is refused here,
 * by `fail`. An item that was never listed is one of them.
 */
export function beforeExport({ store }: OpenedAudit, items: readonly ItemNo[]): void {
  for (const no of items) store.item(no);
}
