/**
 * A few loads at a time, the latest asked first: after a jump in the Grid the cells in view come before those scrolled
 * past. What nobody wants any more is not begun, or broken off.
 */
export class Lanes {
  readonly #width: number;
  #running = 0;
  #queue: { run: () => Promise<void>; signal: AbortSignal }[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  add<T>(load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#queue.push({ signal, run: () => load(signal).then(resolve, reject) });
      this.#next();
    });
  }

  #next(): void {
    while (this.#running < this.#width) {
      const job = this.#queue.pop();
      if (!job) return;
      if (job.signal.aborted) continue;
      this.#running++;
      void job.run().finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }
}

/** Loaded things by key, the longest unused forgotten first. Whoever wants a key that is on its way shares the load. */
export class Kept<T> {
  readonly #limit: number;
  readonly #lanes: Lanes;
  readonly #load: (key: string, signal: AbortSignal) => Promise<T>;
  readonly #forget: (value: T) => void;
  #values = new Map<string, T>();
  #loading = new Map<string, { promise: Promise<T>; control: AbortController; wanted: number }>();

  constructor(options: {
    limit: number;
    lanes: Lanes;
    load: (key: string, signal: AbortSignal) => Promise<T>;
    forget?: (value: T) => void;
  }) {
    this.#limit = options.limit;
    this.#lanes = options.lanes;
    this.#load = options.load;
    this.#forget = options.forget ?? (() => {});
  }

  peek(key: string): T | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }

  /** The value, now or later; call `leave` when it is no longer wanted before it came. */
  want(key: string): { promise: Promise<T>; leave: () => void } {
    const value = this.peek(key);
    if (value !== undefined) return { promise: Promise.resolve(value), leave: () => {} };
    const entry = this.#loading.get(key) ?? this.#begin(key);
    entry.wanted++;
    return {
      promise: entry.promise,
      leave: () => {
        if (--entry.wanted === 0 && this.#loading.get(key) === entry) {
          this.#loading.delete(key);
          entry.control.abort(new DOMException("no longer wanted", "AbortError"));
        }
      },
    };
  }

  clear(): void {
    for (const value of this.#values.values()) this.#forget(value);
    this.#values.clear();
  }

  #begin(key: string) {
    const control = new AbortController();
    const promise = this.#lanes
      .add((signal) => this.#load(key, signal), control.signal)
      .then((value) => {
        this.#values.set(key, value);
        for (const [old, oldValue] of this.#values) {
          if (this.#values.size <= this.#limit) break;
          this.#values.delete(old);
          this.#forget(oldValue);
        }
        return value;
      })
      .finally(() => {
        if (this.#loading.get(key)?.control === control) this.#loading.delete(key);
      });
    promise.catch(() => undefined); // each one who wants it sees the failure; nobody else need
    const entry = { promise, control, wanted: 0 };
    this.#loading.set(key, entry);
    return entry;
  }
}
