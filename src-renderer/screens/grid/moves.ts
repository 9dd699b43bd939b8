import type { ItemNo } from "../../../shared/domain/ids.ts";
import type { GridState } from "./grid-state.svelte.ts";

/**
 * Keys that move in the grid or change what is selected (8.2). They belong to the grid alone, so it handles them
 * itself; an event taken here goes no further.
 */
export function moveIn(
  grid: GridState,
  event: KeyboardEvent,
  shape: { columns: number; pageRows: number },
  onopen: (item: ItemNo) => void,
): void {
  if (event.altKey || event.metaKey || grid.asked !== null) return; // a question has the keys
  const { columns, pageRows } = shape;
  const last = grid.table.order.length - 1;
  const at = Math.max(0, grid.focusedAt);
  const isCtrl = event.ctrlKey;
  const column = at % columns;
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns >= 0 ? at - columns : at,
    ArrowDown: at + columns <= last ? at + columns : at,
    Home: isCtrl ? 0 : at - column,
    End: isCtrl ? last : Math.min(last, at - column + columns - 1),
    PageUp: Math.max(column, at - columns * pageRows),
    PageDown: Math.min(last, at + columns * pageRows),
  };
  const target = targets[event.key];
  if (target !== undefined && (!isCtrl || event.key === "Home" || event.key === "End"))
    grid.focusAt(target, event.shiftKey ? "extend" : "no");
  else if (event.key === " " && grid.focused !== null && !event.shiftKey)
    if (isCtrl) grid.toggleSelected(grid.focused);
    else grid.selectOnly(grid.focused);
  else if (isCtrl && event.key.toLowerCase() === "a" && !event.shiftKey) grid.selectAll();
  else if (event.key === "Escape" && grid.selection.count > 0) grid.selection.clear();
  else if (event.key === "Enter" && !isCtrl && !event.shiftKey && grid.focused !== null)
    onopen(grid.focused);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** A press of the mouse: alone it focuses, with Ctrl it adds or takes, with Shift it extends. */
export function pressOn(grid: GridState, item: ItemNo, at: number, event: MouseEvent): void {
  if (event.ctrlKey || event.metaKey) grid.toggleSelected(item);
  else if (event.shiftKey) grid.focusAt(at, "extend");
  else grid.focusAt(at, "no");
}
