import type { AuditState } from "../frame/audit-state.svelte.ts";
import type { Frame } from "../frame/frame.svelte.ts";
import { gridOf } from "./grid-state.svelte.ts";

/** Opens the Grid on the items that have `word` in `column`, and on no others; all items where there is no such word. */
export async function showInGrid(
  frame: Frame,
  audit: AuditState,
  column: string,
  word: string,
): Promise<void> {
  const grid = gridOf(audit);
  await grid.restored; // what was kept of the last time comes first, and is replaced
  const found = audit.columns.find(
    ({ id, run }) => id === column && (run === null || run === audit.run?.id),
  );
  const index = found?.dictionary.indexOf(word) ?? -1;
  grid.table.setFilters(index < 0 ? [] : [{ kind: "choice", column, on: [index], not: [] }]);
  frame.router.show(audit.id, "grid");
}
