import { message } from "../../../shared/messages/catalogue.ts";
import type { Direction } from "../../review/undo.svelte.ts";
import type { AppCommand } from "../frame/commands.svelte.ts";

/** What the screen does for its commands. */
export interface FindingsHands {
  make(): void;
  step(by: 1 | -1): void;
  accept(): void;
  show(): void;
  undo(direction: Direction): void;
}

/** The commands of Findings. `isChosen`: one is in view; `locked`: why nothing can be changed, or null. */
export function findingsCommands(
  hands: FindingsHands,
  state: { readonly isChosen: boolean; readonly locked: string | null },
): AppCommand[] {
  const group = message("findings.group");
  const off = state.isChosen ? null : message("findings.none-chosen");
  const command = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    why: string | null = null,
  ): AppCommand => ({ id: `findings-${id}`, group, title, keys, run, off: why });
  return [
    command("new", message("findings.key.new"), ["Shift+Q"], () => hands.make(), state.locked),
    command("next", message("findings.key.next"), ["J"], () => hands.step(1), off),
    command("previous", message("findings.key.previous"), ["Shift+J"], () => hands.step(-1), off),
    command(
      "accept",
      message("findings.key.accept"),
      [],
      () => hands.accept(),
      state.locked ?? off,
    ),
    command("show", message("findings.key.show"), [], () => hands.show(), off),
    command("undo", message("findings.key.undo"), ["Ctrl+Z"], () => hands.undo("undo")),
    command("redo", message("findings.key.redo"), ["Ctrl+Shift+Z", "Ctrl+Y"], () =>
      hands.undo("redo"),
    ),
  ];
}
