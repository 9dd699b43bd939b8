import { createContext } from "svelte";
import type { Client } from "../../../shared/contract/client.ts";
import type { Person } from "../../../shared/contract/people.ts";
import { Toasts } from "../../ui/toasts.svelte.ts";
import { Commands } from "./commands.svelte.ts";
import { Given } from "./given.svelte.ts";
import { Router } from "./router.svelte.ts";
import { Session } from "./session.svelte.ts";
import { Theme } from "./theme.svelte.ts";

/** What a screen tells the frame about itself. */
export interface ScreenWords {
  /** Last parts of the breadcrumb and of the page title, e.g. a queue's name. */
  readonly crumbs?: readonly string[];
  /** Who owns the keys now, for the status bar: "Keys: grid". */
  readonly keysOwner?: string | null;
  /** How far the queue is, "128 of 385 read". */
  readonly queue?: string | null;
}

/** The window around the screens: place, commands, toasts, theme. One per window, handed down by context. */
export class Frame {
  readonly api: Client;
  readonly router = new Router();
  readonly commands = new Commands();
  readonly toasts = new Toasts();
  readonly theme = new Theme();
  readonly session: Session;
  /** Who works in this window. */
  readonly reader: Person | null = $derived.by(() => this.session.person);
  readonly #words = new Given<() => ScreenWords>();
  /** Of the screen that came last: while one goes and the next comes, both are here. */
  readonly words: ScreenWords = $derived(this.#words.all.at(-1)?.() ?? {});

  constructor(api: Client) {
    this.api = api;
    this.session = new Session(api);
  }

  /** Says what the status bar and the breadcrumb show while the calling component lives; read reactively. */
  describe(words: () => ScreenWords): void {
    this.#words.give(words);
  }
}

/** `useFrame()` in any component below `App`; `provideFrame` is the app's. */
export const [useFrame, provideFrame] = createContext<Frame>();
