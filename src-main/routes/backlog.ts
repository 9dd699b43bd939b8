/** Events waiting for a slow reader, in order; the iteration ends when `signal` aborts. */
export class Backlog<Event> implements AsyncIterable<Event> {
  #waiting: Event[] = [];
  #wake: () => void = () => undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", () => this.#wake(), { once: true });
  }

  add(event: Event): void {
    this.#waiting.push(event);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event> {
    while (!this.#signal?.aborted) {
      const waiting = this.#waiting;
      this.#waiting = [];
      yield* waiting;
      if (this.#waiting.length > 0 || this.#signal?.aborted) continue;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
