/** What an action did, in words, with its undo when it has one. */
export interface Toast {
  readonly id: number;
  readonly words: string;
  readonly verdict?: "sound" | "spurious" | "mixed" | "unclear" | "unreliable" | null;
  /** `keys` "" where no key does the same. */
  readonly undo?: { readonly label: string; readonly keys: string; readonly run: () => void };
  /** Milliseconds since 1970. */
  readonly at: number;
}

const SHOWN_MS = 8_000;
const KEPT = 50;

/** Results of actions: the newest is shown for 8 s, longer while pointed at; the last 50 stay under the bell. */
export class Toasts {
  /** Newest first. */
  all = $state.raw<readonly Toast[]>([]);
  shown = $state.raw<Toast | null>(null);
  #next = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Omit<Toast, "id" | "at">): void {
    const made: Toast = { ...toast, id: this.#next++, at: Date.now() };
    this.all = [made, ...this.all].slice(0, KEPT);
    this.shown = made;
    this.resume();
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.shown = null;
  }

  /** Stops the clock: the pointer or the focus rests on it. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.shown = null), SHOWN_MS);
  }
}
