import type { Icon } from "../../ui/icon.ts";
import { Given } from "./given.svelte.ts";
import { z } from "zod";
import { untrack } from "svelte";
import { preferences } from "../../preferences.svelte.ts";
import { isForTyping, isPressed, isTyping } from "./keys.ts";

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

/** A command as Settings lists it; `usual`: its keys as delivered. */
export interface KnownCommand {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly usual: readonly string[];
}

const KNOWN = "hansight.commands";
const knownSchema = z.array(
  z.object({ id: z.string(), title: z.string(), group: z.string(), usual: z.array(z.string()) }),
);

function readKnown(): readonly KnownCommand[] {
  try {
    return knownSchema.parse(JSON.parse(localStorage.getItem(KNOWN) ?? "[]"));
  } catch {
    return []; // of another version: learnt again as screens are shown
  }
}

/** What handles its keys itself, and a second way to another command, keep theirs. */
function mayHaveKeys(command: AppCommand): boolean {
  return (command.kind ?? "palette") === "palette";
}

function withChosenKeys(command: AppCommand): AppCommand {
  const chosen = mayHaveKeys(command) ? preferences.values.keys[command.id] : undefined;
  return chosen === undefined ? command : { ...command, keys: chosen };
}

/** Every command of the window and of the screen in view: one list for palette, key list and keyboard. */
export class Commands {
  readonly #sources = new Given<() => readonly AppCommand[]>();
  readonly all: readonly AppCommand[] = $derived(
    this.#sources.all.flatMap((source) => source()).map(withChosenKeys),
  );
  /** Every command that may be given other keys, of the screens that this computer has shown. */
  known = $state.raw<readonly KnownCommand[]>(readKnown());

  constructor() {
    $effect(() => {
      const here = this.#sources.all.flatMap((source) => source()).filter(mayHaveKeys);
      untrack(() => this.#know(here));
    });
  }

  #know(here: readonly AppCommand[]): void {
    const mine = here.map(({ id, title, group, keys }) => ({
      ...{ id, title, group },
      usual: [...(keys ?? [])],
    }));
    // Where a command was listed before, it stays: lists that jump are hard to read.
    const known = [
      ...this.known.map((one) => mine.find(({ id }) => id === one.id) ?? one),
      ...mine.filter(({ id }) => this.known.every((one) => one.id !== id)),
    ];
    const text = JSON.stringify(known);
    if (text === JSON.stringify(this.known)) return;
    this.known = known;
    localStorage.setItem(KNOWN, text);
  }

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
        one.keys?.some(
          (keys) =>
            isPressed(keys, event, isMac) && (!typing || (one.isForTyping && isForTyping(keys))),
        ),
    );
    if (command === undefined) return false;
    event.preventDefault();
    if (!command.off) command.run?.();
    return true;
  }
}
