/** Seconds spent on an item: activity counts, a pause over a minute stops the clock (RX-98). */
export class ActiveClock {
  readonly #now: () => number;
  readonly #idleMs: number;
  #ms = 0;
  #last: number;

  constructor(now: () => number = () => performance.now(), idleMs = 60_000) {
    this.#now = now;
    this.#idleMs = idleMs;
    this.#last = now();
  }

  restart(): void {
    this.#ms = 0;
    this.#last = this.#now();
  }

  /** Something was done: a key, a move of the pointer. */
  touch(): void {
    const now = this.#now();
    this.#ms += Math.min(this.#idleMs, now - this.#last);
    this.#last = now;
  }

  seconds(): number {
    this.touch();
    return Math.round(this.#ms / 100) / 10;
  }
}
