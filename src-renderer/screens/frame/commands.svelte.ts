import type { Icon } from "../../ui/icon.ts";
import { Given } from "./given.svelte.ts";
import { isPressed, isTyping } from "./keys.ts";

/** Something a person can do, by name in the palette, by key, and in the key list. */
export interface AppCommand {
  readonly id: string;
  readonly title: string;
  /** Heading in the key list, "Everywhere" or the screen's name. */
  readonly group: string;
  /** As written in the key list; the first is shown. */
  readonly keys?: readonly string[];
  readonly icon?: Icon;
  /** Why it cannot be done now; null or absent when it can. */
  readonly off?: string | null;
  /**
   * `palette` (the usual): listed, and its keys are dispatched here. `keys-only`: its component handles the keys
   * itself (arrows of a grid, holding Space); it appears in the key list alone. `unlisted`: a second way to another
   * command, dispatched and shown nowhere.
   */
  readonly kind?: "palette" | "keys-only" | "unlisted";
  /** Its keys work while a text field has the focus: only with Ctrl, Alt or a function key. */
  readonly isForTyping?: boolean;
  readonly run?: () => void;
}

/** Every command of the window and of the screen in view: one list for palette, key list and keyboard. */
export class Commands {
  readonly #sources = new Given<() => readonly AppCommand[]>();
  readonly all = $derived(this.#sources.all.flatMap((source) => source()));
  /** Ids run from the palette, latest first. */
  recent = $state.raw<readonly string[]>([]);

  /** Adds commands while the calling component lives; read reactively. Call it in a component's script. */
  use(source: () => readonly AppCommand[]): void {
    this.#sources.give(source);
  }

  run(command: AppCommand): void {
    if (command.off) return;
    this.recent = [command.id, ...this.recent.filter((id) => id !== command.id)].slice(0, 8);
    command.run?.();
  }

  /** Runs the command whose key was pressed, the screen's before the window's; true when there was one. */
  press(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing) return false;
    if (document.querySelector("dialog[open]")) return false;
    const typing = isTyping(event.target);
    const isMac = navigator.platform.startsWith("Mac");
    const command = this.all.findLast(
      (one) =>
        one.kind !== "keys-only" &&
        (!typing || one.isForTyping) &&
        one.keys?.some((keys) => isPressed(keys, event, isMac)),
    );
    if (command === undefined) return false;
    event.preventDefault();
    if (!command.off) command.run?.();
    return true;
  }
}
